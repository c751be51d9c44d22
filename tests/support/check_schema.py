#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""JSON documents against reports/report.schema.json.

usage: check_schema.py SCHEMA DOCUMENT...
Status 0: all fit; 1: one does not; 77: no jsonschema module here."""
import json
import sys

try:
    import jsonschema
except ImportError:
    sys.exit(77)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    status = 0
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        for error in validator.iter_errors(document):
            where = "/".join(str(step) for step in error.absolute_path)
            print(f"{path}: {where}: {error.message[:200]}")
            status = 1
    return status


sys.exit(main())
