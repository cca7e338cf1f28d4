# SPDX-License-Identifier: Apache-2.0
"""What `./dev bench chaos` is made of; the campaign itself is tests/chaos.py, which a test runs too."""
