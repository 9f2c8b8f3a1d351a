from __future__ import annotations

import pytest

from stores.redis_url import RedisUrl


@pytest.mark.parametrize(
    ("url", "kind", "hosts", "service", "db"),
    [
        ("redis://", "single", (("localhost", 6379),), "", 0),
        ("redis://cache.example:6380/3", "single", (("cache.example", 6380),), "", 3),
        ("redis://cache.example?db=4", "single", (("cache.example", 6379),), "", 4),
        ("rediss://[::1]:6380/1", "single", (("::1", 6380),), "", 1),
        ("redis+sentinel://a,b:26380/main", "sentinel", (("a", 26379), ("b", 26380)), "main", 0),
        ("redis+sentinel://u:p@a:1,b:2/main/5", "sentinel", (("a", 1), ("b", 2)), "main", 5),
        ("rediss+cluster://a:1,b", "cluster", (("a", 1), ("b", 6379)), "", 0),
    ],
)
def test_a_url_names_its_servers(
    url: str, kind: str, hosts: tuple[tuple[str, int], ...], service: str, db: int
) -> None:
    parsed = RedisUrl.parse(url)
    assert (parsed.kind, parsed.hosts, parsed.service, parsed.options.get("db", 0)) == (kind, hosts, service, db)


def test_tls_and_options_of_the_driver_are_passed_on() -> None:
    parsed = RedisUrl.parse("rediss+sentinel://a/main?ssl_ca_certs=/ca.pem&socket_timeout=7&sentinel_password=s")
    assert parsed.options == {"ssl": True, "ssl_ca_certs": "/ca.pem", "socket_timeout": 7.0, "db": 0}
    assert parsed.sentinel_options == {"password": "s", "ssl": True, "ssl_ca_certs": "/ca.pem"}


def test_credentials_are_decoded_and_never_shown() -> None:
    parsed = RedisUrl.parse("redis+sentinel://us%40er:p%2Fa%40ss@a:1/main?sentinel_password=hidden")
    assert (parsed.options["username"], parsed.options["password"]) == ("us@er", "p/a@ss")
    assert set(parsed.secrets) == {"p/a@ss", "hidden"}
    for secret in (*parsed.secrets, "p%2Fa"):
        assert secret not in repr(parsed)
        assert secret not in parsed.shown


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:6379",
        "http://localhost",
        "redis://a,b",
        "redis://a/b/c",
        "redis://a/notanumber",
        "redis://:hunter2/with/slash@a",
        "redis://u:hunter2@a:port",
        "redis://u:hunter2@a#fragment",
        "redis://u:hunter2@a?socket_timeout=long",
        "redis+sentinel://a",
        "redis+sentinel://a/main/0/more",
        "redis+cluster://a/1",
        "redis+cluster://a?db=1",
        "redis+cluster://a,,b",
    ],
)
def test_a_url_that_is_none_of_the_forms_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="is not a Redis URL") as refused:
        RedisUrl.parse(url)
    assert "hunter2" not in str(refused.value)
    assert refused.value.__suppress_context__
