"""An app of the tests' own: questions about a contract, a vendor or a note, to try one subject of several kinds on."""
