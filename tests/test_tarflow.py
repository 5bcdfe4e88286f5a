"""TarFlow and its coupling flow: against autograd, zuko, integration, and an inverse without a cache."""

import math

import pytest
import torch
from torch import Tensor, nn
from torch.distributions.transforms import AffineTransform
from zuko.distributions import DiagNormal, NormalizingFlow
from zuko.transforms import (
    AutoregressiveTransform,
    ComposedTransform,
    CouplingTransform,
    DependentTransform,
)

from explorer import data
from explorer.data.coarse import enlarged, to_coarse
from explorer.models.flow import standard_normal
from explorer.models.patch_coupling import PatchCoupling, PatchCouplingFlow
from explorer.models.tarflow import CausalBlock, Patches, PatchFlow, TarFlow
from explorer.spaces import COARSE
from explorer.steps import last

SMALL = {"blocks": 3, "width": 16, "layers": 1, "heads": 2}
FAMILIES = [TarFlow, PatchCouplingFlow]


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def jittered(model: nn.Module, size: float = 0.2) -> nn.Module:
    """A network in float64 with weights far from where they start."""
    generator = rng()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += size * torch.randn(parameter.shape, generator=generator)
    return model.double().eval().requires_grad_(False)


def continuous(n: int, *shape: int) -> Tensor:
    return torch.rand(n, 1, *shape, generator=rng(1), dtype=torch.float64)


def jacobian_of(function, x: Tensor) -> Tensor:
    """The Jacobian of one image (1, 1, H, W), over its pixels."""
    return torch.func.jacrev(lambda flat: function(flat.view(x.shape)).flatten())(x.flatten())


every_family = pytest.mark.parametrize("family", FAMILIES)


@every_family
def test_the_log_determinant_is_that_of_the_whole_jacobian(family: type[PatchFlow]):
    flow = jittered(family(**SMALL, shape=(4, 4)))
    for x in continuous(3, 4, 4).split(1):
        found = flow.forward_and_log_det(x)[1]
        wanted = torch.linalg.slogdet(jacobian_of(flow.encode, x)).logabsdet
        torch.testing.assert_close(found[0], wanted, rtol=0, atol=1e-9)
        assert wanted.abs() > 0.1


@every_family
def test_decoding_returns_to_x_and_encoding_to_z(family: type[PatchFlow]):
    torch.manual_seed(0)
    flow = jittered(family(), 0.05).float()
    x = continuous(20, 8, 8).float()
    z = flow.encode(x)
    assert (z - x).abs().max() > 0.5
    torch.testing.assert_close(flow.decode(z), x, rtol=0, atol=1e-4)
    torch.testing.assert_close(flow.encode(flow.decode(z)), z, rtol=0, atol=1e-4)


@pytest.mark.parametrize("reverse", [False, True])
def test_a_patch_depends_on_itself_and_on_the_patches_before_it_alone(reverse: bool):
    block = jittered(CausalBlock(Patches((4, 4), 2), reverse, 16, 1, 2))
    x = continuous(1, 4, 4)
    pixels = block.places().flatten(1)
    jacobian = jacobian_of(lambda y: block.forward_and_log_det(y)[0], x)
    for i, of in enumerate(pixels):
        for j, by in enumerate(pixels):
            part = jacobian[of][:, by]
            if j > i:
                assert not part.any()
            elif j == i:
                assert not (part - part.diag().diag()).any() and (part.diag() > 0).all()
            else:
                assert part.abs().max() > 1e-6
    for j, by in enumerate(pixels):  # of the inverse, by a change of one patch
        changed = block.inverse(x + by.view(4, 4)) != block.inverse(x)
        assert [bool(changed.flatten()[of].any()) for of in pixels] == [i >= j for i in range(4)]
    first = pixels[0].view(4, 4).nonzero()[0].tolist()
    assert first == ([2, 2] if reverse else [0, 0])


def test_a_coupling_leaves_one_colour_and_moves_the_other_by_it_alone():
    coupling = jittered(PatchCoupling(Patches((4, 4), 2), 1, 16, 1, 2))
    x = continuous(1, 4, 4)
    jacobian = jacobian_of(lambda y: coupling.forward_and_log_det(y)[0], x).view(4, 4, 4, 4)
    assert (jacobian[:2, :2, :2, :2].reshape(4, 4) == torch.eye(4)).all()  # the first patch stays
    assert not jacobian[:2, 2:, 2:, :2].any()  # of two moved patches, neither depends on the other
    assert jacobian[:2, 2:, :2, :2].abs().max() > 1e-6


def test_the_cache_changes_nothing():
    """The inverse by N full passes, each over all patches known so far."""
    torch.manual_seed(0)
    block = jittered(CausalBlock(Patches((8, 8), 2), True, 16, 2, 2))
    y = block.ordered(continuous(5, 8, 8))
    x = torch.zeros_like(y)
    for place in range(16):
        before = torch.cat([torch.zeros_like(x[:, :1]), x[:, :-1]], dim=1)
        every = block.conditioner.curve(before)
        x[:, place] = ((y - every.shift) * (-every.log_scale).exp())[:, place]
    torch.testing.assert_close(block.inverse(block.joined(y)), block.joined(x), rtol=0, atol=1e-10)


@every_family
@pytest.mark.parametrize("patch", [1, 2])
def test_patches_are_split_and_joined(family: type[PatchFlow], patch: int):
    patches, x = Patches((4, 6), patch), continuous(2, 4, 6)
    split = patches.split(x)
    assert split.shape == (2, 24 // patch**2, patch**2)
    assert (split[:, 1] == x[:, 0, :patch, patch : 2 * patch].flatten(1)).all()
    assert (patches.join(split) == x).all()


@every_family
def test_the_density_of_two_pixels_integrates_to_one(family: type[PatchFlow]):
    torch.manual_seed(1)
    flow = jittered(family(**SMALL, patch=1, shape=(1, 2)), 0.15)
    reach, fine = 12.0, 0.1
    axis = torch.arange(-reach, reach, fine, dtype=torch.float64)
    points = torch.cartesian_prod(axis, axis).view(-1, 1, 1, 2)
    with torch.no_grad():
        mass = float(flow.log_prob(points).exp().sum()) * fine**2
    assert mass == pytest.approx(1, abs=1e-4)


def zukos(flow: PatchFlow, pixels: int) -> NormalizingFlow:
    """The same flow by zuko, from the shifts and scales of our transformers; patches are pixels."""
    found = []
    for each in flow.transforms:
        if isinstance(each, CausalBlock):

            def meta(x: Tensor, block: CausalBlock = each) -> DependentTransform:
                ordered = block.ordered(x.view(-1, 1, 1, pixels))
                before = torch.cat([torch.zeros_like(ordered[:, :1]), ordered[:, :-1]], dim=1)
                curve = block.conditioner.curve(before)
                shift, log = (block.joined(part).flatten(1) for part in (curve.shift, curve.log_scale))
                return DependentTransform(AffineTransform(shift, log.exp()), 1)

            found.append(AutoregressiveTransform(meta, passes=pixels))
        else:
            mask = torch.ones(pixels, dtype=torch.bool).index_fill(0, each.moved, False)

            def given(kept: Tensor, coupling: PatchCoupling = each, mask: Tensor = mask) -> DependentTransform:
                x = kept.new_zeros(len(kept), pixels)
                x[:, mask] = kept
                curve = coupling.curve(x.view(-1, 1, 1, pixels))
                shift, log = curve.shift[..., 0], curve.log_scale[..., 0]
                return DependentTransform(AffineTransform(shift, log.exp()), 1)

            found.append(CouplingTransform(given, mask))
    base = DiagNormal(torch.zeros(pixels).double(), torch.ones(pixels).double())
    return NormalizingFlow(ComposedTransform(*found), base)


@every_family
def test_a_flow_of_zukos_layers_has_the_same_density_and_the_same_inverse(family: type[PatchFlow]):
    torch.manual_seed(2)
    flow = jittered(family(**SMALL, patch=1, shape=(1, 5)))
    theirs, x = zukos(flow, 5), continuous(40, 1, 5)
    torch.testing.assert_close(flow.log_prob(x), theirs.log_prob(x.flatten(1)), rtol=0, atol=1e-6)
    z = flow.encode(x)
    torch.testing.assert_close(theirs.transform(x.flatten(1)), z.flatten(1), rtol=0, atol=1e-6)
    torch.testing.assert_close(theirs.transform.inv(z.flatten(1)), flow.decode(z).flatten(1), rtol=0, atol=1e-6)


def test_the_steps_decode_one_patch_each_and_keep_the_log_density():
    torch.manual_seed(3)
    flow = jittered(TarFlow(**SMALL))
    z = torch.randn(2, 1, 8, 8, generator=rng(), dtype=torch.float64)
    steps = list(flow.decode_steps(z))
    assert len(steps) == flow.passes + 1 == 3 * 16 + 1 == steps[0].total
    for before, after in zip(steps, steps[1:]):
        changed = (before.numbers["state"] != after.numbers["state"]).any(0)[0]
        rows, columns = changed.nonzero().T.tolist()
        assert len(rows) == 4 and max(rows) - min(rows) == max(columns) - min(columns) == 1
    x = steps[-1].numbers["state"]
    torch.testing.assert_close(x, flow.decode(z), rtol=0, atol=1e-12)
    torch.testing.assert_close(steps[-1].numbers["log_prob"], flow.log_prob(x), rtol=0, atol=1e-9)
    torch.testing.assert_close(steps[0].numbers["log_prob"], standard_normal(z), rtol=0, atol=0)
    orders = [steps[k].numbers["state"] != steps[k - 1].numbers["state"] for k in (1, 17, 33)]
    assert [mask[0, 0].nonzero()[0].tolist() for mask in orders] == [[0, 0], [6, 6], [0, 0]]


@every_family
def test_samples_lie_in_the_space_and_a_class_cannot_be_asked(family: type[PatchFlow]):
    flow = family(**SMALL).eval()
    x = last(flow.sample_steps(3, generator=rng())).x
    assert x.shape == (3, 1, 8, 8)
    COARSE.check(x)
    with pytest.raises(ValueError, match="without labels"):
        flow.sample_steps(1, generator=rng(), label=torch.tensor([3]))


@every_family
def test_the_bound_is_below_log_p_of_a_level(family: type[PatchFlow]):
    """On two pixels the probability of a pair of levels is an integral over its cell."""
    torch.manual_seed(1)
    flow = jittered(family(**SMALL, patch=1, shape=(1, 2)), 0.3)
    level = torch.tensor([[3.0, 9.0]], dtype=torch.float64).view(1, 1, 1, 2)
    middle = (torch.arange(200, dtype=torch.float64) + 0.5) / 200
    cell = (level + torch.cartesian_prod(middle, middle).view(-1, 1, 1, 2)) / 16
    densities = flow.log_prob(cell)
    exact = float(densities.exp().mean()) / 16**2
    bounds = flow.elbo((level / 15).expand(20_000, -1, -1, -1), generator=rng())
    wanted = float(densities.mean()) - 2 * math.log(16)
    assert float(bounds.mean()) == pytest.approx(wanted, abs=4 * float(bounds.std()) / 20_000**0.5)
    assert wanted <= math.log(exact)


def test_both_flows_have_the_same_number_of_parameters():
    tar, coupling = (sum(p.numel() for p in family().parameters()) for family in FAMILIES)
    assert coupling == tar


def test_a_coarse_image_is_the_mean_of_blocks():
    x = torch.zeros(1, 1, 28, 28)
    x[..., 2:5, 2:5] = 1
    x[..., 5:8, 23:26] = 0.5
    x[..., 0, :] = 1  # is cut off
    coarse = to_coarse(x)
    assert coarse.shape == (1, 1, 8, 8)
    assert coarse[0, 0, 0, 0] == 1 and coarse[0, 0, 1, 7] == pytest.approx(8 / 15)
    assert coarse.sum() == pytest.approx(1 + 8 / 15)
    assert (to_coarse(enlarged(coarse)) == coarse).all()


def test_a_test_image_is_read_as_a_coarse_one():
    x = data.read(("test", 108, "mnist"), COARSE)
    COARSE.check(x)
    assert x.shape == (1, 1, 8, 8) and 0.05 < x.mean() < 0.5
    for kind, value in (("blank", None), ("noise", 3)):
        COARSE.check(COARSE.read(kind, value))
    with pytest.raises(ValueError, match="not “bits”"):
        COARSE.read("bits", b"")
    for wrong in (torch.zeros(1, 1, 28, 28), torch.full((1, 1, 8, 8), 0.5)):
        with pytest.raises(ValueError, match="must be"):
            COARSE.check(wrong)
    assert (COARSE.decode(COARSE.encode(x)) - x).abs().max() < 1e-6
