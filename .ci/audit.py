"""Ask pip-audit for known vulnerabilities in what production installs; say so where nobody can be asked."""

import json
import subprocess
import sys

COMMAND = ["-m", "pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json"]
UNREACHABLE = "pip-audit: its source of advisories is not reachable from here; nothing was audited."


def main() -> int:
    """Return 1 where a vulnerability is known."""
    audit = subprocess.run(
        [sys.executable, *COMMAND, "--requirement", "requirements.lock"], capture_output=True, text=True, check=False
    )
    if not audit.stdout.strip():
        if "connect" not in audit.stderr.lower():
            print(audit.stderr, file=sys.stderr)
            return 1
        print(UNREACHABLE)
        return 0
    dependencies = json.loads(audit.stdout)["dependencies"]
    audited = [dependency for dependency in dependencies if "skip_reason" not in dependency]
    vulnerable = [dependency for dependency in audited if dependency["vulns"]]
    for dependency in vulnerable:
        for advisory in dependency["vulns"]:
            fixed = ", ".join(advisory["fix_versions"]) or "no version yet"
            print(f"{dependency['name']} {dependency['version']}: {advisory['id']}, fixed in {fixed}")
    print(f"pip-audit: {len(audited)} packages audited." if audited else UNREACHABLE)
    return 1 if vulnerable else 0


if __name__ == "__main__":
    sys.exit(main())
