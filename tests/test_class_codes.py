"""Codes of a class's drawings on the map of the VAE: those of each drawing alone."""

import base64

import numpy as np
import pytest

from explorer import data, fields
from explorer.spaces.packing import pack_bits
from explorer.tabs.vae import encode
from explorer.tabs.vae.class_codes import CODED_BYTES, CODED_MOST, codes_of_class


@pytest.mark.parametrize("beta", [0, 1.0, 10.0])
def test_the_codes_of_many_drawings_are_those_of_each(beta: float):
    x = data.bundled_binary_images("mnist")[:5]
    raws = [base64.b64decode(pack_bits(each)) for each in x]
    found = np.array(codes_of_class.props("mnist", beta, b"".join(raws))["mu"]).reshape(-1, 2)
    alone = [encode.encode.props("mnist", beta, raw, 7)["mu"] for raw in raws]
    assert np.allclose(found, alone, atol=1e-3) and len({*map(tuple, found)}) == 5


def test_a_hundred_drawings_are_encoded_at_once_and_broken_ones_are_refused():
    field = fields.of(codes_of_class.plain)["drawings"]
    raw = bytes([1]) * CODED_BYTES * CODED_MOST
    assert len(codes_of_class.props("mnist", 1.0, field.check(base64.b64encode(raw).decode()))["mu"]) == 2 * CODED_MOST
    for wrong in (raw + b"\1", b"", raw[: CODED_BYTES - 1]):
        with pytest.raises(ValueError, match="drawings must be"):
            field.check(base64.b64encode(wrong).decode())
    with pytest.raises(ValueError, match="each of the drawings must have 98 bytes"):
        codes_of_class.plain("mnist", 1.0, raw[:-1])
