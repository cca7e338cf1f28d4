# SPDX-License-Identifier: Apache-2.0
"""A daemon's boards and campaigns for coding agents: `python -m tinyhil.mcp`, over standard input and output.

An agent hands in models and nothing else: policy, vectors, labels and baseline of a campaign that the daemon
keeps are the daemon's, and so is the verdict. docs/mcp.md has the tools and how to set it up.
"""
