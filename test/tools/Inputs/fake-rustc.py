# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""fake-rustc.py PATH SYSROOT LLVM: writes a rustc that only describes itself."""
import os
import sys

path, sysroot, llvm = sys.argv[1:]
with open(path, "w") as script:
    script.write(f"""#!/bin/sh
case "$*" in
*sysroot*) echo {sysroot} ;;
*) printf 'rustc 1.0.0\\nhost: x86_64-unknown-linux-gnu\\nrelease: 1.0.0\\nLLVM version: {llvm}\\n' ;;
esac
""")
os.chmod(path, 0o755)
