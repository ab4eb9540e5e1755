"""``servanda``: the group of commands, and the one place where errors become words and exit codes.

Exit codes: 0 done; 2 what was asked cannot be done, for a reason that is said; 130 stopped by the
user; 1 a fault of Servanda itself, shown in full where SERVANDA_TRACEBACK is set.  Nothing heavy is
imported before a command runs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from servanda.cli.backtest import backtest
from servanda.cli.brief import brief
from servanda.cli.check import check
from servanda.cli.compare import compare
from servanda.cli.deals import deals
from servanda.cli.dynamics import dynamics
from servanda.cli.exchange import export_files, import_files
from servanda.cli.inverse import inverse
from servanda.cli.levers import levers
from servanda.cli.map import answer_map
from servanda.cli.new import new
from servanda.cli.order import order
from servanda.cli.pressure import pressure
from servanda.cli.resume import resume
from servanda.cli.schema import schema
from servanda.cli.sensitivity import sensitivity
from servanda.cli.shipped import list_shipped
from servanda.cli.show import show
from servanda.cli.simulate import simulate
from servanda.cli.talks import talks
from servanda.cli.why import why
from servanda.errors import ServandaError, nearest_name, printable, shortened
from servanda.version import VERSION

FAULT, FAILED, STOPPED = 1, 2, 130


class Commands(click.Group):
    """A group that names the nearest command when a name is not known."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and not name.startswith("-") and self.get_command(ctx, name) is None:
            nearest = nearest_name(name, self.commands)
            hint = f" Did you mean '{nearest}'?" if nearest else ""
            raise click.UsageError(f"no command '{printable(name)}'.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order in which one needs them


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, message="servanda %(version)s")
def commands() -> None:
    """Which agreements would be kept, in which order of steps, under which guarantees.

    NAME is a scenario that ships (see servanda list), FILE one of your own. Every answer is
    conditional on the assumptions of its scenario, and is not a forecast.
    """


for command in (
    list_shipped,
    show,
    brief,
    deals,
    order,
    backtest,
    dynamics,
    talks,
    simulate,
    why,
    levers,
    pressure,
    inverse,
    sensitivity,
    resume,
    compare,
    answer_map,
    new,
    check,
    import_files,
    export_files,
    schema,
):
    commands.add_command(command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; errors are said on stderr."""
    try:
        code = commands.main(arguments, prog_name="servanda", standalone_mode=False)
        sys.stdout.flush()
    except click.Abort:
        return _said("stopped.", STOPPED)
    except KeyboardInterrupt:
        return _said("stopped.", STOPPED)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ServandaError as error:
        return _said(str(error), FAILED)
    except BrokenPipeError:  # the reader has seen enough, as in `servanda show NAME | head`
        _silence_stdout()
        return 0
    except OSError as error:
        _silence_stdout()
        what = error.strerror or str(error)
        where = f" ('{error.filename}')" if error.filename else ""
        return _said(f"the system refused: {printable(what + where)}.", FAILED)
    except MemoryError:
        return _said("not enough memory for this; try fewer --draws.", FAILED)
    except Exception as error:
        if os.environ.get("SERVANDA_TRACEBACK"):
            raise
        what = printable(shortened(f"{type(error).__name__}: {error}", 200))
        return _said(
            f"a fault in Servanda, not in what you asked: {what}\n"
            "Please report it with the scenario; SERVANDA_TRACEBACK=1 shows it in full.",
            FAULT,
        )
    return code if isinstance(code, int) else 0


def _said(text: str, code: int) -> int:
    try:
        print(text, file=sys.stderr, flush=True)  # noqa: T201 (this is the screen)
    except OSError:
        _point_to_nowhere(sys.stderr.fileno())
    return code


def _silence_stdout() -> None:
    """Let nothing more be written, or the interpreter complains once more when it ends."""
    try:
        _point_to_nowhere(sys.stdout.fileno())
    except (OSError, ValueError):
        return


def _point_to_nowhere(descriptor: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
