"""What the way to a shop's first page can have wrong."""

from __future__ import annotations

from evenhand.hosting.tests.faults import fault
from evenhand.hosting.tests.world import EDGE, SHOP, World, a_shop, page, redirect, to_https

WWW = f"www.{SHOP}"


@fault("web-refused")
def nothing_listens_at_the_plain_port(world: World) -> None:
    del world.http[EDGE]


@fault("web-no-redirect")
def plain_http_shows_the_shop(world: World) -> None:
    world.http[EDGE] = a_shop


@fault("web-redirect-loop")
def two_redirects_undo_one_another(world: World) -> None:
    world.answer(lambda host, path: redirect(f"https://{WWW if host == SHOP else SHOP}/"))


@fault("web-redirect-loop")
def a_redirect_never_ends(world: World) -> None:
    world.answer(lambda host, path: redirect(f"https://{host}/{path.strip('/')}x"))


@fault("web-redirect-astray")
def the_shop_redirects_to_a_name_that_is_not_there(world: World) -> None:
    world.answer(lambda host, path: redirect("https://gone.platform.example/"))


@fault("web-redirect-astray")
def the_shop_redirects_to_no_web_address(world: World) -> None:
    world.answer(lambda host, path: redirect("mailto:shop@shop.example"))


@fault("web-redirect-insecure")
def a_secure_page_redirects_to_a_plain_one(world: World) -> None:
    world.http[EDGE] = lambda host, path: page() if path == "/plain" else to_https(host, path)
    world.answer(lambda host, path: redirect(f"http://{host}/plain"))


@fault("web-server-error")
def the_first_page_fails(world: World) -> None:
    world.answer(lambda host, path: page("down", "503 Service Unavailable"))


@fault("web-not-found")
def there_is_no_first_page(world: World) -> None:
    world.answer(lambda host, path: page("none", "404 Not Found"))


@fault("web-other-site")
def another_site_shows(world: World) -> None:
    world.answer(lambda host, path: page("Hello", Strict_Transport_Security="max-age=1"))


@fault("web-no-hsts")
def browsers_are_not_told_to_stay(world: World) -> None:
    world.answer(lambda host, path: page())


@fault("web-mixed-content")
def a_picture_is_loaded_plainly(world: World) -> None:
    body = 'Powered by Example Shops <IMG alt="" src="http://pictures.example/a.png">'
    world.answer(lambda host, path: page(body, Strict_Transport_Security="max-age=1"))


@fault("web-mixed-content")
def a_style_is_loaded_plainly(world: World) -> None:
    body = "Powered by Example Shops <link href='http://styles.example/a.css' rel=stylesheet>"
    world.answer(lambda host, path: page(body, Strict_Transport_Security="max-age=1"))
