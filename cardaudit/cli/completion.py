"""cardaudit completion SHELL"""

import click
from click.shell_completion import get_completion_class

SHELLS = {"bash": "~/.bashrc", "zsh": "~/.zshrc", "fish": "~/.config/fish/completions/cardaudit.fish"}


@click.command("completion")
@click.argument("shell", type=click.Choice(tuple(SHELLS)))
def command(shell: str) -> int:
    """Print the script that completes commands and options in SHELL.

    \b
    bash:  eval "$(cardaudit completion bash)"      in ~/.bashrc
    zsh:   eval "$(cardaudit completion zsh)"       in ~/.zshrc
    fish:  cardaudit completion fish > ~/.config/fish/completions/cardaudit.fish
    """
    from cardaudit.cli import app

    kind = get_completion_class(shell)
    assert kind is not None, "click knows the shells that SHELLS lists"
    click.echo(kind(app, {}, "cardaudit", "_CARDAUDIT_COMPLETE").source())
    return 0
