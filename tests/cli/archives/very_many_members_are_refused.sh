# Each member is looked for from the begin: twenty thousand tiny ones, 270
# kilobytes in all, would take minutes, and so be a bomb of time. Some hundred
# are read, and what lies beside is, too.
cat >make.py <<'END'
import io
import sys
import tarfile

line = ("2026-11-20T10:%02d:%02d+00:00 mx postfix/qmgr[1]: %X: "
        "from=<u@example.org>, size=1, nrcpt=1 (queue active)\n")
with tarfile.open(sys.argv[2], "w:gz") as tar:
    for i in range(int(sys.argv[1])):
        text = (line % (i // 60 % 60, i % 60, 0xA0000000 + i)).encode()
        member = tarfile.TarInfo(f"mail.log.{i}")
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text))
END
python3 -I -S make.py 20000 many.tar.gz
python3 -I -S make.py 100 few.tar.gz
mxtrend --state s ingest many.tar.gz few.tar.gz | tail -n 1
