# SPDX-License-Identifier: Apache-2.0
"""What leaves tinyhil for the tools around it. What a format needs is imported when it is written.

from tinyhil import Campaign, Store, export

campaign = Campaign("campaign.yaml")
report = campaign.judge()
export.parquet(Store().run(report.run_id), "run.parquet", campaign)
"""

from . import mlflow
from .csv_file import csv
from .parquet_file import parquet

__all__ = ["csv", "mlflow", "parquet"]
