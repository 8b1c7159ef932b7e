"""Papers for people: reports and packs as PDF and DOCX, drawn from values; what people wrote enters as data."""
