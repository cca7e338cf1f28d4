# SPDX-License-Identifier: Apache-2.0
"""What `./dev bench link` is made of; protocols are plugged in in protocols.py."""
