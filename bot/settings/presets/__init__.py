"""The policies that ship with the bot, by name.

`articles` is the method's own, written in `bot.domain.policy`; the others are files of this
package, so that they are found in a checkout, an installed wheel and an image alike.
`config/policies/` holds copies of all to start one's own from; a test keeps them equal.
"""

from importlib.resources import files

ARTICLES = "articles"
PRESETS = (ARTICLES, "long-tenors")
"""The names that stand for a policy wherever a policy file may be named."""


def preset_text(name: str) -> str:
    """Return the text of a preset: what it changes of `articles`."""
    return "" if name == ARTICLES else files(__name__).joinpath(f"{name}.toml").read_text("utf-8")
