"""Two different (tenant, dialog) pairs never share a key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.keys import dialog_of, key_of, keyless_key, prefix_of

ids = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("/:%{}~*\0 ")), min_size=1, max_size=12)
tenants = st.one_of(st.just(""), ids)


@given(tenants, ids, tenants, ids)
def test_keys_are_equal_only_for_the_same_tenant_and_dialog(tenant: str, dialog: str, other: str, another: str) -> None:
    same = (tenant, dialog) == (other, another)
    assert (key_of(dialog, tenant=tenant) == key_of(another, tenant=other)) == same
    assert key_of(dialog, tenant=tenant) != keyless_key(another, tenant=other)


@given(tenants, ids)
def test_a_key_gives_its_dialog_back_and_starts_with_its_tenants_prefix(tenant: str, dialog: str) -> None:
    key = key_of(dialog, tenant=tenant)
    assert dialog_of(key) == dialog
    assert key.startswith(prefix_of(tenant))
    assert dialog_of(keyless_key("0f", tenant=tenant)) is None


@given(tenants, tenants, ids)
def test_a_tenants_prefix_covers_no_other_tenant(tenant: str, other: str, dialog: str) -> None:
    if tenant != other:
        assert not key_of(dialog, tenant=other).startswith(prefix_of(tenant))


def test_an_empty_dialog_id_is_refused() -> None:
    with pytest.raises(ValueError, match="dialog id"):
        key_of("")
