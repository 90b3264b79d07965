"""Exact numbers of up to 38 digits, as DynamoDB stores them."""

from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation, Overflow, Subnormal

# The range and precision of DynamoDB's number type. A number that would be rounded raises an exception.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
_EXACT = Context(prec=38, Emin=-130, Emax=125, traps=[Inexact, InvalidOperation, Overflow, Subnormal])


def canonical(number: Decimal) -> Decimal | None:
    """Return the canonical form of a number (1 for 1.00 and 1.0), or None if DynamoDB would round it.

    Leading and trailing zeros do not count as digits, so 10 to the power of 100 has one digit.
    """
    try:
        normalized = _EXACT.normalize(number)
    except DecimalException:
        return None
    return normalized or Decimal(0)
