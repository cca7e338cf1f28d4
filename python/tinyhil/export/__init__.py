# SPDX-License-Identifier: Apache-2.0
"""What leaves tinyhil for the tools around it. What a format needs is imported when it is written.

from tinyhil import Campaign, Store, export

campaign = Campaign("campaign.yaml")
report = campaign.judge()
export.parquet(Store().run(report.run_id), "run.parquet", campaign)
export.mlflow.log_run(report, "http://127.0.0.1:5000")
"""

from . import mlflow
from .croissant_file import Dataset, croissant
from .csv_file import csv
from .cyclonedx_file import cyclonedx
from .energy_file import energy
from .parquet_file import parquet

__all__ = ["Dataset", "croissant", "csv", "cyclonedx", "energy", "mlflow", "parquet"]
