# SPDX-License-Identifier: Apache-2.0
"""What `./dev bench compare` is made of; an engine is one function in engines.py."""
