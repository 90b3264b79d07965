"""Maintainers' programs: generated pages, the prose check, the checkov scan, releases and the catalogues."""
