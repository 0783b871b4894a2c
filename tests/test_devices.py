"""A card trained on several devices: one device with the batch of all sees the same examples, update by update."""

import pytest

torch = pytest.importorskip("torch", reason="the extra [reproduce] is not installed")
pytest.importorskip("accelerate", reason="the extra [reproduce] is not installed")

from accelerate.data_loader import BatchSamplerShard, SeedableRandomSampler  # noqa: E402
from torch.utils.data import BatchSampler  # noqa: E402
from torch.utils.data.distributed import DistributedSampler  # noqa: E402

from cardaudit.engine.loops.fast.order import Course  # noqa: E402

SEED, EPOCHS = 7, 2
Batches = list[list[int]]


def of_accelerate(examples: int, batch: int, devices: int, device: int, epoch: int) -> Batches:
    """What accelerate 1.x gives a device; the Trainer leaves the sharding to accelerate since 4.31."""
    sampler = SeedableRandomSampler(range(examples), generator=torch.Generator(), data_seed=SEED)
    sampler.set_epoch(epoch)
    return list(BatchSamplerShard(BatchSampler(sampler, batch, drop_last=False), devices, device))


def of_torch(examples: int, batch: int, devices: int, device: int, epoch: int) -> Batches:
    """What the Trainer gave a device before that: trainer.py 4.24.0, _get_train_sampler."""
    sampler = DistributedSampler(range(examples), devices, device, seed=SEED)
    sampler.set_epoch(epoch)
    return list(BatchSampler(sampler, batch, drop_last=False))


@pytest.mark.parametrize("theirs", [of_accelerate, of_torch])
@pytest.mark.parametrize(("examples", "batch", "devices"), [(43, 4, 2), (48, 4, 3), (100, 3, 8), (17, 2, 8)])
def test_one_device_sees_what_several_see_together(theirs, examples: int, batch: int, devices: int) -> None:  # type: ignore[no-untyped-def]
    """But for an epoch's last update, which several devices fill up with examples of its beginning."""
    per_epoch = -(-examples // (batch * devices))
    ours = Course(SEED, examples, batch * devices, 1, per_epoch, EPOCHS * per_epoch, of_period=False)
    for update in ours.updates():
        epoch, place = divmod(update.step - 1, per_epoch)
        shards = [theirs(examples, batch, devices, device, epoch) for device in range(devices)]
        assert {len(shard) for shard in shards} == {per_epoch}
        together = sorted(number for shard in shards for number in shard[place])
        ((*mine,),) = update.batches
        if not update.ends_epoch or examples % (batch * devices) == 0:
            assert together == sorted(mine)
        else:
            assert set(mine) <= set(together)
            assert len(mine) == examples % (batch * devices)
            assert len(together) % devices == 0
