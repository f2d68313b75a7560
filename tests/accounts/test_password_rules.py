"""What a password may be."""

import pytest

from trainer.accounts.password_rules import PasswordProblem, normal_password, password_problem

OWN = ["みなと物流", "Minato Logistics K.K.", "岡田 千夏", "okada chinatsu", "minato example jp"]
FINE = "korega watashi no bun desu"
LONG = "".join(chr(0x3400 + number * number % 4001) for number in range(128))


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("mugicha to senb", None),
        ("mugicha to sen", PasswordProblem.TOO_SHORT),
        ((FINE * 9)[:128], None),
        (LONG, None),
        (LONG + "z", PasswordProblem.TOO_LONG),
        ("春はあけぼの、やうやう白くなりゆく", None),
        ("🐢🍵🚲🌧🪴📎🧦🥁🧭🪁🫖🧵🪜🎈🧊", None),
        ("   tea   and   rain   ", None),
        ("                  ", PasswordProblem.REPEATS),
        ("aaaaaaaaaaaaaaaa", PasswordProblem.REPEATS),
        ("kx7!kx7!kx7!kx7!", PasswordProblem.REPEATS),
        ("passwordpassword", PasswordProblem.REPEATS),
        ("password-is-password", PasswordProblem.COMMON),
        ("Password2026!!!!", PasswordProblem.COMMON),
        ("P@ssw0rd-P@ssw0rd", PasswordProblem.COMMON),
        ("ｐａｓｓｗｏｒｄ２０２６！！！！", PasswordProblem.COMMON),
        ("123456789012345", PasswordProblem.COMMON),
        ("qwertyuiopasdfgh", PasswordProblem.COMMON),
        ("1qaz2wsx3edc4rfv", PasswordProblem.COMMON),
        ("iloveyouprincess", PasswordProblem.COMMON),
        ("welcome-welcome1", PasswordProblem.COMMON),
        ("letmeinletmein99", PasswordProblem.COMMON),
        ("パスワードパスワード12345", PasswordProblem.COMMON),
        ("あいうえおかきくけこさしすせそ", PasswordProblem.COMMON),
        ("みなと物流2026!!!!!!!!", PasswordProblem.COMMON),
        ("MinatoLogistics2026", PasswordProblem.COMMON),
        ("okada-chinatsu-1975", PasswordProblem.COMMON),
        ("岡田千夏岡田千夏岡田千夏2026", PasswordProblem.COMMON),
        ("minato no yuugata ni kaeru", None),
        ("839201746628157", None),
    ],
)
def test_what_is_refused_and_why(password: str, problem: PasswordProblem | None) -> None:
    assert password_problem(password, OWN) == problem


def test_width_and_composition_make_no_difference() -> None:
    assert normal_password("ｒｉｖｅｒ ガ") == normal_password("river ガ")
