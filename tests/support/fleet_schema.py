# SPDX-License-Identifier: BSD-2-Clause
"""The number of the fleet's tables, as the DDL that is shipped has it."""
import os
import re

TOP = os.path.join(os.path.dirname(__file__), "..", "..")
with open(os.path.join(TOP, "analyzer/clickhouse.sql"), encoding="utf-8") as sql:
    NUMBER = int(re.search(r"toUInt32\((\d+)\) AS schema", sql.read()).group(1))
