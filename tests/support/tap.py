# SPDX-License-Identifier: BSD-2-Clause
"""Numbered results on standard output, as the test runner reads them."""
import sys

SHOWN = 5


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def check(self, name, is_fine, *why):
        """WHY is said only where it is not."""
        self.count += 1
        self.failed += not is_fine
        print(f"{'ok' if is_fine else 'not ok'} {self.count} - {name}")
        for reason in () if is_fine else why[:SHOWN]:
            print("#", *str(reason).splitlines()[:3])
        if not is_fine and len(why) > SHOWN:
            print(f"# and {len(why) - SHOWN} more")
        sys.stdout.flush()

    def result(self, name, problems, remark=""):
        """Fine where there are no PROBLEMS; what is empty is none."""
        problems = [problem for problem in problems if problem]
        self.check(name + remark, not problems, *problems)

    def skip(self, name, why):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {why}")

    def finish(self):
        """The status to exit with."""
        print(f"1..{self.count}")
        return 1 if self.failed else 0
