# SPDX-License-Identifier: Apache-2.0
"""What `./dev bench boards` is made of."""
