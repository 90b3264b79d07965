"""Accounting: each sent record is in exactly one list."""

from demo.accounting import Account, Item, Observed, Sent, account


def sent(number: str, transaction_id: str | None = "t-1") -> Sent:
    return Sent(transaction_id=transaction_id, sequence_number=number, put_at=0.0)


def ledger(*items: tuple[str, str]) -> dict[str, Item]:
    return {
        number: Item(transaction_id=transaction_id, sequence_number=number, processed_at=0.0)
        for number, transaction_id in items
    }


def only(**lists: list[Sent]) -> Account:
    return Account(**{name: lists.get(name, []) for name in Account.__slots__})


def test_record_in_the_ledger_is_stored() -> None:
    record = sent("1")

    found = account([record], Observed(ledger=ledger(("1", "t-1"))))

    assert found == only(stored=[record])


def test_record_in_quarantine_for_a_conflict_is_conflicting() -> None:
    first, second = sent("1"), sent("2")

    found = account([first, second], Observed(ledger=ledger(("1", "t-1")), quarantine={"2": "conflict"}))

    assert found == only(stored=[first], conflicting=[second])


def test_record_in_quarantine_for_another_reason_is_rejected() -> None:
    record = sent("1", None)

    found = account([record], Observed(quarantine={"1": "not-json"}))

    assert found == only(rejected=[record])


def test_record_in_a_dead_letter_is_dead_lettered() -> None:
    record = sent("1")

    found = account([record], Observed(dead_letters={"1"}))

    assert found == only(dead_lettered=[record])


def test_repeat_in_the_metric_is_a_duplicate() -> None:
    first, repeat = sent("1"), sent("2")

    found = account([first, repeat], Observed(ledger=ledger(("1", "t-1")), duplicates_reported=1))

    assert found == only(stored=[first], duplicates=[repeat])


def test_repeat_missing_in_the_metric_is_unaccounted_for() -> None:
    first, repeat, another = sent("1"), sent("2"), sent("3")

    found = account([first, repeat, another], Observed(ledger=ledger(("1", "t-1")), duplicates_reported=1))

    assert found == only(stored=[first], duplicates=[repeat], unaccounted=[another])


def test_metric_may_exceed_the_number_of_repeats() -> None:
    first, repeat = sent("1"), sent("2")

    found = account([first, repeat], Observed(ledger=ledger(("1", "t-1")), duplicates_reported=9))

    assert found == only(stored=[first], duplicates=[repeat])


def test_missing_record_is_unaccounted_for() -> None:
    record = sent("1")

    found = account([record], Observed())

    assert found == only(unaccounted=[record])


def test_record_without_an_id_shows_its_sequence_number() -> None:
    record = sent("495", None)

    assert str(record) == "record 495"
