# SPDX-License-Identifier: Apache-2.0
"""What the pytest plugin is made of; users see it through the fixtures of tinyhil.pytest_plugin."""
