#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""A workbook against the JSON document of the same report.

usage: check_xlsx.py REPORT.json REPORT.xlsx [ROWS]
With ROWS the workbook was made for sheets of so many rows, and only what was
added up for that is looked at: nothing may be lost. Else every number must be
the JSON's, every date a date, every text a text; charts, tables, filters,
panes, print titles and protection must be there. Status 0: all holds; 1: what
does not is printed; 77: no openpyxl module here."""
import datetime
import json
import sys
import xml.etree.ElementTree
import zipfile
import zoneinfo

try:
    import openpyxl
except ImportError:
    sys.exit(77)

SHEETS = ["Summary", "Trend", "Providers x days", "Episodes", "By IP",
          "Domains", "Reasons", "Replies", "Authentication and TLS",
          "Data", "Definitions"]
FEW = 20
problems = []


def expect(what, got, want):
    if got != want:
        problems.append(f"{what}: got {got!r}, want {want!r}")


def expect_close(what, got, want):
    if not isinstance(got, (int, float)) or abs(got - want) > 1e-9:
        problems.append(f"{what}: got {got!r}, want {want!r}")


def path_of(document, key):
    """The value of "attempts.accepted", None when it is absent."""
    for step in key.split("."):
        if not isinstance(document, dict) or step not in document:
            return None
        document = document[step]
    return document


def zone_of(document):
    name = document["window"]["timezone"]
    if name and name[0] in "+-":
        sign = -1 if name[0] == "-" else 1
        hours, minutes = name[1:].split(":")
        return datetime.timezone(sign * datetime.timedelta(
            hours=int(hours), minutes=int(minutes)))
    return zoneinfo.ZoneInfo(name)


def local(text, zone):
    """An RFC 3339 time as the naive local one that a cell holds."""
    if text is None:
        return None
    utc = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    return utc.replace(tzinfo=datetime.timezone.utc).astimezone(
        zone).replace(tzinfo=None)


def moment(value):
    """A cell's date without the rounding of a day's fraction."""
    if isinstance(value, datetime.datetime):
        return (value + datetime.timedelta(milliseconds=500)).replace(
            microsecond=0)
    return value


def day(text):
    return datetime.datetime.strptime(text, "%Y-%m-%d")


def is_plain(text):
    """Text that the workbook shows letter for letter: all printable."""
    return text.isprintable() and "\ufffd" not in text and len(text) < 32000 \
        and "_x" not in text


def table(sheet, row=1):
    """Header titles and the rows below, up to an empty first cell."""
    header = [cell.value for cell in sheet[row]]
    while header and header[-1] is None:
        header.pop()
    rows = []
    for cells in sheet.iter_rows(min_row=row + 1, max_col=len(header)):
        if all(cell.value is None for cell in cells):
            break
        rows.append(dict(zip(header, cells)))
    return header, rows


# ---- the container ----

def check_parts(path):
    with zipfile.ZipFile(path) as archive:
        expect("damaged part", archive.testzip(), None)
        for info in archive.infolist():
            expect(f"{info.filename} date", info.date_time,
                   (1980, 1, 1, 0, 0, 0))
            for bad in ("vba", "externalLink", "activeX", "embeddings"):
                if bad in info.filename:
                    problems.append(f"part {info.filename}")
            data = archive.read(info.filename)
            try:
                xml.etree.ElementTree.fromstring(data)
            except xml.etree.ElementTree.ParseError as error:
                problems.append(f"{info.filename}: {error}")
            if info.filename.endswith(".rels") and \
                    b'TargetMode="External"' in data:
                problems.append(f"{info.filename}: external target")


def check_layout(book, document):
    expect("sheets", book.sheetnames, SHEETS)
    for sheet in book:
        expect(f"{sheet.title}: merged cells",
               len(sheet.merged_cells.ranges), 0)
        # episodes have too many columns for one page's width
        expect(f"{sheet.title}: fit to width",
               sheet.page_setup.fitToWidth or 1,
               3 if sheet.title == "Episodes" else 1)
        if sheet.title not in ("Summary", "Authentication and TLS",
                               "Definitions"):
            expect(f"{sheet.title}: frozen", sheet.freeze_panes is not None,
                   True)
            expect(f"{sheet.title}: print titles",
                   sheet.print_title_rows, "$1:$1")
    attempts = sum(sum(one["attempts"].values())
                   for one in document["window"]["days"])
    trend = 2 if attempts else 0
    expect("Trend: charts", len(book["Trend"]._charts), trend)
    expect("Summary: charts", len(book["Summary"]._charts), trend +
           bool(document["reasons"]) + (len(document["sources"]) > 1))


def check_filter(sheet, rows):
    """An Excel table, or a filter, over all rows."""
    if not rows:
        return
    last = len(rows) + 1
    if sheet.tables:
        ref = next(iter(sheet.tables.values())).ref
    else:
        ref = sheet.auto_filter.ref
    if ref is None or int(ref.split(":")[1].lstrip(
            "$ABCDEFGHIJKLMNOPQRSTUVWXYZ").replace("$", "")) < last:
        problems.append(f"{sheet.title}: filter {ref} does not reach row "
                        f"{last}")


def check_texts(book):
    """No text of strangers became a formula, an error or a control."""
    for sheet in book:
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.data_type == "f":
                    if not str(cell.value).startswith("=") or any(
                            word in str(cell.value).upper() for word in
                            ("HYPERLINK", "CMD", "!A0", "HTTP")):
                        problems.append(f"{sheet.title}!{cell.coordinate}: "
                                        f"formula {cell.value!r}")
                elif isinstance(cell.value, str):
                    if any(ord(c) < 32 or 0x7f <= ord(c) < 0xa0 or
                           ord(c) in (0xfffe, 0xffff) or
                           0x202a <= ord(c) <= 0x202e
                           for c in cell.value):
                        problems.append(f"{sheet.title}!{cell.coordinate}: "
                                        "control character")
                    if len(cell.value.encode("utf-16-le")) // 2 > 32767:
                        problems.append(f"{sheet.title}!{cell.coordinate}: "
                                        "too long")


# ---- sheets ----

def check_cell(where, cell, kind, want, zone):
    if want is None:
        expect(where, cell.value, None)
        return
    if kind == "time":
        expect(where, moment(cell.value), local(want, zone))
        expect(where + " is a date", cell.is_date, True)
    elif kind == "day":
        expect(where, cell.value, day(want))
        expect(where + " is a date", cell.is_date, True)
    elif kind == "number":
        expect_close(where, cell.value, want)
        expect(where + " type", cell.data_type, "n")
    elif kind == "flag":
        expect(where, cell.value, "yes" if want else "no")
    elif is_plain(want):
        expect(where, cell.value, want if want != "" else None)
        expect(where + " type", cell.data_type, "s")


def check_rows(sheet, rows, documents, columns, zone):
    expect(f"{sheet.title}: rows", len(rows), len(documents))
    for number, (row, document) in enumerate(zip(rows, documents)):
        for title, (kind, key) in columns.items():
            if title not in row:
                problems.append(f"{sheet.title}: no column {title}")
                return
            check_cell(f"{sheet.title} row {number + 2} {title}", row[title],
                       kind, path_of(document, key), zone)


COUNTS = {title: ("number", title.lower()) for title in (
    "Deliveries", "Messages", "Accepted", "Bounced", "Expired", "Open",
    "Deferred", "Blocked")}
DELAYS = {"p50 (s)": ("number", "p50_s"), "p95 (s)": ("number", "p95_s")}
STATES = {"State": ("text", "state"), "Change": ("text", "change")}


def check_rates(sheet, rows, cached, documents):
    """Formulas, and the values cached for viewers that do not calculate."""
    for number, (row, document) in enumerate(zip(rows, documents)):
        finished = document["accepted"] + document["bounced"] + \
            document["expired"]
        wanted = {"Acceptance rate": (document["accepted"], finished),
                  "Deferred share": (document["deferred"],
                                     document["deliveries"]),
                  "Block rate": (document["blocked"],
                                 document["deliveries"])}
        for title, (part, whole) in wanted.items():
            if title not in row:
                continue
            cell = row[title]
            where = f"{sheet.title} row {number + 2} {title}"
            expect(where + " is a formula", cell.data_type, "f")
            expect(where + " format", cell.number_format, "0.0%")
            value = cached[cell.coordinate].value
            if document["deliveries"] < FEW or whole == 0:
                expect(where, value or "", "")
            else:
                expect_close(where, value, part / whole)


def reading_order(rows, episodes, key):
    bad = {e.get(key) for e in episodes if e["state"] in
           ("suspected", "confirmed", "easing", "silent")}
    return sorted(rows, key=lambda r: (
        0 if r.get(key) in bad else 1 if r["blocked"] else 2,
        -r["deliveries"], r[key].encode("utf-8", "surrogateescape")))


def match(rows, documents, title, key):
    """The documents in the order of the sheet: ties may fall either way
    where JSON had to replace bytes, so compare as counts and names."""
    names = [row[title].value for row in rows]
    if all(is_plain(d.get(key) or "") for d in documents):
        by_name = {}
        for document in documents:
            by_name.setdefault(document.get(key), []).append(document)
        return [by_name[n].pop(0) if by_name.get(n) else None for n in names]
    return documents


def check_trend(sheet, cached, document):
    _, rows = table(sheet)
    days = document["window"]["days"]
    expect("Trend: rows", len(rows), len(days))
    for row, one in zip(rows, days):
        expect(f"Trend {one['day']}", row["Day"].value, day(one["day"]))
        attempts = one["attempts"]
        all_attempts = sum(attempts.values())
        if not one["covered"] and all_attempts == 0:
            expect(f"Trend {one['day']}", row["Messages"].value, None)
            expect(f"Trend {one['day']}", row["Remark"].value, "no log")
            continue
        for title, want in (("Messages", one["messages"]),
                            ("Attempts accepted", attempts["accepted"]),
                            ("Attempts deferred", attempts["deferred"]),
                            ("Attempts bounced", attempts["bounced"]),
                            ("Attempts blocked", one["blocked"])):
            expect(f"Trend {one['day']} {title}", row[title].value, want)
        where = row["Attempts"].coordinate
        expect(f"Trend {where}", cached[where].value, all_attempts)
        for title, part in (("Accepted share", attempts["accepted"]),
                            ("Deferred share", attempts["deferred"]),
                            ("Blocked share", one["blocked"])):
            if all_attempts:
                expect_close(f"Trend {one['day']} {title}",
                             cached[row[title].coordinate].value,
                             part / all_attempts)
            else:
                expect(f"Trend {one['day']} {title}", row[title].value, None)


def check_heat(sheet, document):
    header = [cell.value for cell in sheet[1]]
    days = document["window"]["days"][-400:]
    first = header.index("Change") + 1
    expect("heat map: days", header[first:], [day(d["day"]) for d in days])
    expect("heat map: colour scale",
           any(rule.type == "colorScale" for rules in
               sheet.conditional_formatting for rule in rules.rules),
           bool(document["providers"]))
    share = {}
    for row in document["series"]:
        cell = share.setdefault((row["provider"], row["day"]), [0, 0])
        cell[0] += sum(row["attempts"].values())
        cell[1] += row["blocked"]
    providers = reading_order(document["providers"], document["episodes"],
                              "provider")
    for number, provider in enumerate(providers[:2000]):
        cells = sheet[number + 2]
        where = f"heat map row {number + 2}"
        if all(is_plain(p.get("name", "")) for p in providers):
            expect(where, cells[0].value,
                   provider.get("name", provider["provider"]))
        else:
            continue
        for title, key in (("Deliveries", "deliveries"),
                           ("Accepted", "accepted"), ("Blocked", "blocked"),
                           ("Expired", "expired"), ("Open", "open")):
            expect(f"{where} {title}", cells[header.index(title)].value,
                   provider[key])
        for index, state in enumerate(provider["days"][-400:]):
            cell = cells[first + index]
            if state == "blocked":
                attempts, blocked = share.get(
                    (provider["provider"], days[index]["day"]), (0, 0))
                expect_close(f"{where} {days[index]['day']}", cell.value,
                             blocked / attempts if attempts else 1)
            else:
                expect(f"{where} {days[index]['day']}", cell.value,
                       {"fine": ".", "deferring": "d"}.get(state))
                expect(f"{where} {days[index]['day']} is hatched",
                       cell.fill.patternType == "lightUp",
                       state == "no-log")


def check_episodes(sheet, document, zone):
    _, rows = table(sheet)
    if not document["episodes"]:
        return
    columns = {"ID": ("text", "id"), "Provider": ("text", "name"),
               "Source": ("text", "source"), "Reason": ("text", "reason"),
               "Token": ("text", "token"), "Extent": ("text", "extent"),
               "State": ("text", "state"),
               "Last accepted before": ("time", "last_accept_before"),
               "First refusal": ("time", "first_refusal"),
               "Last refusal": ("time", "last_refusal"),
               "First accepted after": ("time", "first_accept_after"),
               "Began after": ("time", "began_after"),
               "Began by": ("time", "began_by"),
               "Ended after": ("time", "ended_after"),
               "Ended by": ("time", "ended_by"),
               "Began before the log": ("flag", "began_before_log"),
               "Messages": ("number", "messages"),
               "Recipients": ("number", "recipients"),
               "Attempts": ("number", "attempts"),
               "Flaps": ("number", "flaps"), "Repeat": ("number", "repeat"),
               "Words of the refusal": ("text", "sample")}
    check_rows(sheet, rows, document["episodes"], columns, zone)
    expect("Episodes: protected", sheet.protection.sheet, True)
    for row in rows:
        for title in ("Ticket", "Notes"):
            expect(f"Episodes {title}", row[title].value, None)
            expect(f"Episodes {title} unlocked",
                   row[title].protection.locked, False)
        expect("Episodes ID locked", row["ID"].protection.locked, True)
    check_filter(sheet, rows)


def check_scores(sheet, document, zone):
    """Below the episodes."""
    at = [cell.row for cell in sheet["A"]
          if cell.value == "Refused together"]
    expect("Episodes: scores", len(at), min(1, len(document["scores"])))
    if at:
        _, rows = table(sheet, at[0] + 1)
        check_rows(sheet, rows, document["scores"], {
            "ID": ("text", "id"), "Provider": ("text", "name"),
            "Over": ("text", "over"), "Network or domain": ("text", "key"),
            "Reason": ("text", "reason"), "Token": ("text", "token"),
            "In an episode": ("flag", "explained"),
            "State": ("text", "state"),
            "Last accepted before": ("time", "last_accept_before"),
            "First refusal": ("time", "first_refusal"),
            "Last refusal": ("time", "last_refusal"),
            "Began after": ("time", "began_after"),
            "Began by": ("time", "began_by"),
            "Messages": ("number", "messages"),
            "Recipients": ("number", "recipients"),
            "Attempts": ("number", "attempts"),
            "Repeat": ("number", "repeat")}, zone)


def check_remarks(sheet, document, zone):
    """Below the scores."""
    at = [cell.row for cell in sheet["A"] if cell.value == "Remarks"]
    expect("Episodes: remarks", len(at), min(1, len(document["annotations"])))
    if at:
        _, rows = table(sheet, at[0] + 1)
        check_rows(sheet, rows, document["annotations"], {
            "Kind": ("text", "kind"), "Time": ("time", "time"),
            "Provider key": ("text", "provider"),
            "Source IP": ("text", "source_ip"),
            "Remark": ("text", "text")}, zone)


def row_of(sheet, title):
    """Where the table with this title, below another, has its header."""
    at = [cell.row for cell in sheet["A"] if cell.value == title]
    return at[0] + 1 if at else None


def check_counted(sheet, cached, documents, title, key, columns, zone,
                  first=1):
    if not documents:
        return
    _, rows = table(sheet, first)
    expect(f"{sheet.title}: rows", len(rows), len(documents))
    ordered = match(rows, documents, title, key)
    if None in ordered:
        problems.append(f"{sheet.title}: unknown {title}")
        return
    if ordered is not documents or len(documents) == 1:
        check_rows(sheet, rows, ordered,
                   dict(COUNTS, **DELAYS, **STATES, **columns), zone)
        check_rates(sheet, rows, cached, ordered)
    if first == 1:
        check_filter(sheet, rows)


def check_reasons(book, document, zone):
    _, rows = table(book["Reasons"])
    if document["reasons"]:
        check_rows(book["Reasons"], rows, document["reasons"], {
            "Provider": ("text", "name"), "Provider key":
            ("text", "provider"), "Reason": ("text", "reason"),
            "Token": ("text", "token"), "Attempts": ("number", "attempts"),
            "Deliveries": ("number", "deliveries"),
            "First": ("time", "first"), "Last": ("time", "last")}, zone)
        check_filter(book["Reasons"], rows)
    _, rows = table(book["Replies"])
    if document["replies"]:
        check_rows(book["Replies"], rows, document["replies"], {
            "Provider": ("text", "name"), "Reason": ("text", "reason"),
            "Token": ("text", "token"), "Attempts": ("number", "attempts"),
            "First": ("time", "first"), "Last": ("time", "last"),
            "New": ("flag", "new"), "Words of the reply": ("text", "sample"),
            "Fingerprint": ("text", "fingerprint")}, zone)
        check_filter(book["Replies"], rows)


def check_data(sheet, document, zone):
    """Tidy: the CSV headers, one row for each of the series."""
    header, rows = table(sheet)
    expect("Data: header", header, [
        "day", "provider", "source", "source_ip", "instance", "messages",
        "attempts_accepted", "attempts_deferred", "attempts_bounced",
        "blocked", "state"])
    if not document["series"]:
        return
    kinds = dict.fromkeys(header, "text")
    kinds["day"] = "day"
    for title in ("messages", "attempts_accepted", "attempts_deferred",
                  "attempts_bounced", "blocked"):
        kinds[title] = "number"
    check_rows(sheet, rows, document["series"], {
        title: (kinds[title], title.replace("attempts_", "attempts."))
        for title in header}, zone)
    check_filter(sheet, rows)


def check_tops(sheet, labels, document):
    """The ten most frequent reasons; the rates of ten own addresses."""
    sums = {}
    for one in document["reasons"]:
        sums[one["reason"]] = sums.get(one["reason"], 0) + one["attempts"]
    row = labels.get("Reason")
    expect("Summary: reasons shown", row is not None, bool(sums))
    if row is not None:
        got = [(sheet.cell(row + i, 1).value, sheet.cell(row + i, 2).value)
               for i in range(1, min(10, len(sums)) + 1)]
        expect("Summary: attempts by reason", [n for _, n in got],
               sorted(sums.values(), reverse=True)[:10])
        for name, attempts in got:
            if name in sums: # hostile names are escaped
                expect(f"Summary: {name}", attempts, sums[name])
    rates = {}
    for one in document["sources"]:
        rates.setdefault(one.get("source_ip", one["source"]), set()).add(
            round(one["blocked"] / one["deliveries"], 9)
            if one["deliveries"] >= FEW else None)
    row = labels.get("Own address")
    expect("Summary: addresses shown", row is not None, bool(rates))
    for i in range(1, min(10, len(document["sources"])) + 1) if row else ():
        name = sheet.cell(row + i, 1).value
        rate = sheet.cell(row + i, 2).value
        rate = round(rate, 9) if rate is not None else None
        if name in rates and rate not in rates[name]:
            problems.append(f"Summary: rate of {name}")


def check_summary(sheet, cached, document):
    totals, before = document["totals"], document.get("compare", {}).get(
        "totals")
    labels = {sheet.cell(row, 1).value: row
              for row in range(1, sheet.max_row + 1)}
    for label, key in (("Deliveries", "deliveries"),
                       ("Messages", "messages"), ("Accepted", "accepted"),
                       ("Bounced", "bounced"), ("Expired", "expired"),
                       ("Open", "open"),
                       ("Deferred (at least once)", "deferred"),
                       ("Blocked (at least once)", "blocked"),
                       ("Attempts accepted", "attempts.accepted"),
                       ("Attempts deferred", "attempts.deferred"),
                       ("Attempts bounced", "attempts.bounced"),
                       ("p50 to acceptance (s)", "p50_s"),
                       ("Suspended (not counted)", "suspended"),
                       ("Local deliveries (not counted)",
                        "local.deliveries"),
                       ("Internal deliveries (not counted)",
                        "internal.deliveries")):
        row = labels.get(label)
        if row is None:
            problems.append(f"Summary: no {label}")
            continue
        expect(f"Summary {label}", sheet.cell(row, 2).value,
               path_of(totals, key))
        if before is not None and path_of(before, key) is not None and \
                "not counted" not in label:
            expect(f"Summary {label} before", sheet.cell(row, 3).value,
                   path_of(before, key))
    check_tops(sheet, labels, document)
    check = labels["Check: 0 when these add up"]
    expect("Summary check", cached.cell(check, 2).value, 0)
    tiles = {sheet.cell(9, col).value: cached.cell(10, col).value
             for col in range(1, 7)}
    expect("tile deliveries", tiles.get("Deliveries"), totals["deliveries"])
    if totals["deliveries"] >= FEW:
        expect_close("tile acceptance", tiles.get("Acceptance rate"),
                     totals["accepted"] / (totals["accepted"] +
                                           totals["bounced"] +
                                           totals["expired"]))
        expect_close("tile block rate", tiles.get("Block rate"),
                     totals["blocked"] / totals["deliveries"])
    else:
        expect("tile block rate", tiles.get("Block rate"),
               f"{totals['blocked']} of {totals['deliveries']}")
    expect("tile open episodes", tiles.get("Open episodes"), sum(
        e["state"] in ("suspected", "confirmed", "easing", "silent")
        for e in document["episodes"]))


def check_definitions(sheet, document):
    column = [sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)]
    for one in document["definitions"]:
        if one["name"] not in column:
            problems.append(f"Definitions: no {one['name']}")
    for one in document["inputs"]:
        expect("Definitions: fingerprint", one["fingerprint"] in column, True)
    for label in ("Made by", "Window", "Time zone of days and times"):
        expect(f"Definitions: {label}", label in column, True)


NUMBERS = ("messages", "blocked", "attempts.accepted", "attempts.deferred",
           "attempts.bounced")


def check_last(sheet, name, count, numbers, room, first=1):
    """The last row stands for those of COUNT that do not fit into ROOM."""
    _, rows = table(sheet, first)
    if count == 0:
        return None
    expect(f"{name}: rows", len(rows), min(count, room))
    if count <= room:
        return None
    label = [cell.value for cell in rows[-1].values()
             if isinstance(cell.value, str)][0]
    expect(f"{name}: label", label, f"(other: {count - room + 1} rows)")
    for title, all_of_it in numbers.items():
        expect(f"{name}: {title}",
               sum(row[title].value for row in rows), all_of_it)
    return f"Sheet {name}: the last row sums up"


def check_whole_days(rows, document, room):
    """Providers have all their rows or none; sums by day and source hold the
    others, so nothing is lost."""
    series = document["series"]
    order = [one["provider"] for one in reading_order(
        document["providers"], document["episodes"], "provider")]
    shown = {row["provider"].value for row in rows}
    label = [name for name in shown if name.startswith("(other: ")]
    whole = [name for name in order if name in shown]
    expect("Data: rows", len(rows) <= room, True)
    expect("Data: providers", whole, order[:len(whole)])
    expect("Data: some are whole, some are not",
           0 < len(whole) < len(order), True)
    left = len(order) - len(whole)
    expect("Data: label", label,
           [f"(other: {left} provider{'s' if left > 1 else ''})"])
    want = {}
    for one in series:
        name = one["provider"] if one["provider"] in whole else label[0]
        key = (one["day"], name, one["source"])
        sums = want.setdefault(key, [0] * len(NUMBERS))
        for at, number in enumerate(NUMBERS):
            sums[at] += path_of(one, number)
    got = {(row["day"].value.strftime("%Y-%m-%d"), row["provider"].value,
            row["source"].value):
           [row[number.replace(".", "_")].value for number in NUMBERS]
           for row in rows}
    expect("Data: days", got, want)
    expect("Data: each once", len(got), len(rows))


def check_folded(book, document, limit):
    """What does not fit into sheets of LIMIT rows is added up there."""
    series, room = document["series"], limit - 1
    _, rows = table(book["Data"])
    notes = []
    if room > 2 * len(document["window"]["days"]):
        check_whole_days(rows, document, room)
    else: # one row a day for all providers, and those do not fit either
        notes.append(check_last(
            book["Data"], "Data", len({one["day"] for one in series}),
            {number.replace(".", "_"):
             sum(path_of(one, number) for one in series)
             for number in NUMBERS}, room))
    notes.append("Sheet Data: each row of the worst and largest")
    pairs = row_of(book["By IP"], "At each provider")
    if pairs is None:
        notes.append("Sheet By IP: no room for the table pairs")
    for name, key, first in (("By IP", "sources", 1),
                             ("Domains", "domains", 1),
                             ("By IP", "pairs", pairs)):
        if first is None:
            continue
        notes.append(check_last(book[name], name, len(document[key]), {
            title: sum(one[title.lower()] for one in document[key])
            for title in COUNTS}, limit - first, first))
    lines = [str(cell.value) for row in book["Definitions"] for cell in row]
    for note in notes:
        if note is not None:
            expect(f"folded: {note}", any(
                line.startswith(note) for line in lines), True)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = json.load(file)
    check_parts(sys.argv[2])
    book = openpyxl.load_workbook(sys.argv[2])
    cached = openpyxl.load_workbook(sys.argv[2], data_only=True)
    zone = zone_of(document)
    check_texts(book)
    if len(sys.argv) > 3:
        check_folded(book, document, int(sys.argv[3]))
        return finish()
    check_layout(book, document)
    check_summary(book["Summary"], cached["Summary"], document)
    check_trend(book["Trend"], cached["Trend"], document)
    check_heat(book["Providers x days"], document)
    check_episodes(book["Episodes"], document, zone)
    check_scores(book["Episodes"], document, zone)
    check_remarks(book["Episodes"], document, zone)
    check_counted(book["By IP"], cached["By IP"], document["sources"],
                  "Source", "source",
                  {"Source IP": ("text", "source_ip"),
                   "Instance": ("text", "instance")}, zone)
    check_counted(book["By IP"], cached["By IP"], document["pairs"],
                  "Provider", "name",
                  {"Source": ("text", "source"),
                   "Source IP": ("text", "source_ip"),
                   "Instance": ("text", "instance")}, zone,
                  row_of(book["By IP"], "At each provider") or 1)
    check_counted(book["Domains"], cached["Domains"], document["domains"],
                  "Domain", "domain", {}, zone)
    check_reasons(book, document, zone)
    check_data(book["Data"], document, zone)
    check_definitions(book["Definitions"], document)
    return finish()


def finish():
    for problem in problems[:40]:
        print(problem)
    return 1 if problems else 0


sys.exit(main())
