"""What a server begins with, and what it ends."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import anyio.to_thread
from fastapi import FastAPI

from .. import chart_library
from ..maths_font import cached_subset
from .assets import full_maths_font
from .compute import Compute
from .ending import end_with_parent
from .trainings import Trainings


@contextlib.asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Starts worker processes and what is made once for all pages; ends the processes when the server ends."""
    end_with_parent()
    app.state.compute, app.state.trainings = Compute(app.state.settings), Trainings(app.state.settings)
    chores = [asyncio.create_task(app.state.compute.warm_up()), asyncio.create_task(_make_once(app))]
    yield
    for chore in chores:
        chore.cancel()
    await asyncio.gather(*chores, return_exceptions=True)
    app.state.trainings.close()
    app.state.compute.close()


async def _make_once(app: FastAPI) -> None:
    """The subset of the maths font, then the compressed chart library; without them the originals are served: slower, not broken."""
    folder = app.state.settings.cache_dir
    try:
        app.state.maths_font = await anyio.to_thread.run_sync(cached_subset, full_maths_font(), folder)
        app.state.chart_library = await anyio.to_thread.run_sync(chart_library.compressed, folder)
    except Exception:
        logging.getLogger("backprop").exception("the maths font or the chart library could not be made smaller")
