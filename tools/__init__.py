"""Programs for maintainers: generated pages, the checkov scan, releases and the catalogues."""
