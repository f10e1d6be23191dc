"Every slip of `slips.py` is noticed by the tests that it names; and its text is still in the code."
import pytest
from slips import ROOT, SLIPS, controls, patched, verdict


@pytest.mark.parametrize('slip', SLIPS, ids=lambda s: s.what)
def test_the_text_of_a_slip_is_in_the_code(slip):
    "Once, or `patched` raises; with the slip the module is Python still."
    compile(patched(slip), slip.module, 'exec')
    assert slip.old != slip.new
    for name in slip.tests.split(): assert (ROOT / f'tests/test_{name}.py').exists()


def test_white_space_does_not_matter():
    slip = SLIPS[0]
    assert patched(slip) == patched(slip._replace(old=' '.join(slip.old.replace('(', '( '))))
    with pytest.raises(LookupError, match='0 times in balanced_sampler.py; the code has moved on'):
        patched(slip._replace(old='never there'))


@pytest.mark.long
@pytest.mark.parametrize('slip', [*SLIPS, *controls()], ids=lambda s: s.what)
def test_a_slip_is_noticed(slip): assert not (said := verdict(slip)), said
