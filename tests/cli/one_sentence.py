"""What a command says when it cannot do its work: one sentence."""


def assert_is_one_sentence(said: str) -> None:
    assert said.startswith("fitquiz: ")
    assert said.endswith(".\n")
    assert said.count("\n") == 1
