"""The numbers of generated transactions of each kind."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from operations.generate import generate


@given(valid=st.integers(1, 60), broken=st.integers(0, 20), repeats=st.integers(0, 20), seed=st.integers(0, 2**32))
def test_each_kind_has_the_requested_number(valid: int, broken: int, repeats: int, seed: int) -> None:
    records = generate(valid + broken + repeats, broken=broken, repeats=repeats, seed=seed)

    assert Counter(record.expected for record in records) == Counter(stored=valid, rejected=broken, duplicate=repeats)
