# SPDX-License-Identifier: BSD-2-Clause
"""The scenario of this run: the module that $REAL_SCENARIO names."""

import importlib
import os

scenario = importlib.import_module(os.environ.get("REAL_SCENARIO", "scenario"))
