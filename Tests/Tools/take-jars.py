# SPDX-License-Identifier: Apache-2.0
"""Takes jars out of a wheel: take-jars.py WHEEL FOLDER NAME...

Each NAME is that of a jar without its version. The folder appears when all of them are in it.
"""
import os
import re
import sys
import zipfile


def main():
    wheel, folder, *names = sys.argv[1:]
    part = folder + ".part"
    os.makedirs(part, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for name in names:
            pattern = re.compile(r"(.*/)?%s-[0-9][^/]*\.jar" % re.escape(name))
            found = [entry for entry in archive.namelist() if pattern.fullmatch(entry)]
            if len(found) != 1:
                sys.exit("take-jars: %s: %d jars" % (name, len(found)))
            with open(os.path.join(part, os.path.basename(found[0])), "wb") as jar:
                jar.write(archive.read(found[0]))
    os.rename(part, folder)


if __name__ == "__main__":
    main()
