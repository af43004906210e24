def test_a(database): assert database
def test_b(database): assert database
def test_c(empty_url): assert empty_url
