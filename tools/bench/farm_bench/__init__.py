# SPDX-License-Identifier: Apache-2.0
"""What `./dev bench farm` is made of."""
