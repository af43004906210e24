"""Every screen of the kiosk in every size, language, size of text, theme and mode: `python -m tests.pictures.screens`.

Pictures and an index go into `build/screens`; `--pairs` takes the pairs that the tests look at too.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from appliance.flow.kiosk import Comfort
from tests.appliance.screens import SCREENS, SIZES, comforts, view
from tests.appliance.ui.glass import prepare

PLACE = Path(__file__).parents[2] / "build" / "screens"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Kiosk screens</title>
<style>body{{font:15px sans-serif;background:#ddd}}figure{{display:inline-block;margin:6px;vertical-align:top}}
img{{width:240px;display:block}}figcaption{{font-size:11px;width:240px}}</style>{body}</html>
"""


def main(arguments: list[str]) -> int:
    """Draws them all; returns the exit status."""
    prepare()
    from appliance.layout.arrange import arrange
    from appliance.screen_size import SizeSet
    from appliance.ui.glass import open_window
    from appliance.ui.letters import measure
    from appliance.ui.stage import Stage
    from appliance.ui.window import png
    from tests.appliance.ui.frames import draw
    from tests.appliance.ui.test_photographs import PAIRS

    open_window(SizeSet(width=320, height=240), offscreen=True)
    ways: list[Comfort] = PAIRS if "--pairs" in arguments else list(comforts())
    sections: list[str] = []
    for size, screen in SIZES.items():
        stage = Stage(screen, lambda _act, _serial: None)
        (PLACE / size).mkdir(parents=True, exist_ok=True)
        for name in SCREENS:
            files = []
            for comfort in ways:
                file = PLACE / size / f"{name}-{called(comfort)}.png"
                file.write_bytes(png(*stage.draw_apart(arrange(view(name, comfort), screen, measure))))
                draw(1)  # what was drawn apart is given back in the next frame
                files.append(file)
            sections.append(section(f"{size} {name}", files))
        sys.stdout.write(f"{size}: {len(SCREENS) * len(ways)} pictures\n")
    (PLACE / "index.html").write_text(PAGE.format(body="\n".join(sections)), "utf-8")
    sys.stdout.write(f"{PLACE / 'index.html'}\n")
    return 0


def called(comfort: Comfort) -> str:
    """A way to see a screen, for a file's name."""
    theme = "contrast" if comfort.high_contrast else "day"
    return f"{comfort.language}-{comfort.text_size}-{theme}-{'low' if comfort.lower_half else 'full'}"


def section(title: str, files: Iterable[Path]) -> str:
    """One screen in all its ways."""
    figures = "".join(
        f'<figure><a href="{file.parent.name}/{file.name}"><img loading="lazy" src="{file.parent.name}/{file.name}" '
        f'alt=""></a><figcaption>{file.stem}</figcaption></figure>'
        for file in files
    )
    return f"<h2>{title}</h2>{figures}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
