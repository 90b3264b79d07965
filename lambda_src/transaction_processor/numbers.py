"""Numbers as DynamoDB can keep them: up to 38 digits, none of them lost."""

from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation, Overflow, Subnormal

# The range and precision of DynamoDB's number type; anything that would have to be rounded raises.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
_EXACT = Context(prec=38, Emin=-130, Emax=125, traps=[Inexact, InvalidOperation, Overflow, Subnormal])


def canonical(number: Decimal) -> Decimal | None:
    """Return the one way of writing this number (1.00, 1.0 and 1 are the same), or None if it cannot be kept exactly.

    Digits are counted without the zeros at either end, so 10 to the power of 100 has one digit.
    """
    try:
        normalized = _EXACT.normalize(number)
    except DecimalException:
        return None
    return normalized or Decimal(0)
