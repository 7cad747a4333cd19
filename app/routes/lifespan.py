"""What a server begins with, and what it ends."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import anyio.to_thread
from fastapi import FastAPI

from ..maths_font import cached_subset
from .assets import full_maths_font
from .compute import Compute
from .ending import end_with_parent


@contextlib.asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Starts worker processes and the subset of the maths font; ends the processes when the server ends."""
    end_with_parent()
    app.state.compute = Compute(app.state.settings)
    chores = [asyncio.create_task(app.state.compute.warm_up()), asyncio.create_task(_subset_font(app))]
    yield
    for chore in chores:
        chore.cancel()
    await asyncio.gather(*chores, return_exceptions=True)
    app.state.compute.close()


async def _subset_font(app: FastAPI) -> None:
    try:
        app.state.maths_font = await anyio.to_thread.run_sync(cached_subset, full_maths_font(), app.state.settings.cache_dir)
    except Exception:  # the full font is served instead: slower, not broken
        logging.getLogger("backprop").exception("the maths font could not be subset")
