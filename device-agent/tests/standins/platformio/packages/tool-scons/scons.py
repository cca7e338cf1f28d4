# SPDX-License-Identifier: Apache-2.0
"""SCons of PyPI."""

import SCons.Script

SCons.Script.main()
