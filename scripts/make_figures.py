"""Write the paper's figures and tables, and the numbers behind them, into a folder.

They are made from the public per-run scores, in the folder that TWM_NB_SCORES names or in the cache.
"""
import argparse
import sys
from pathlib import Path

from twm_nb.config import ConfigError
from twm_nb.results import our_runs, write_results
from twm_nb.statistics import ScoresError, load_scores

def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--out', type=Path, default=Path('figures'), help='folder to write to (default: figures)')
    parser.add_argument('--scores', type=Path, help='folder of the per-run scores (default: TWM_NB_SCORES, then the cache)')
    parser.add_argument('--download', action='store_true', help='fetch the per-run scores (about 1 MB) if they are not there')
    parser.add_argument('--runs', type=Path, nargs='*', default=[], help='folders of our own runs, for figures and tables with them')
    parser.add_argument('--reps', type=int, default=2000, help='resamples of the bootstrap (default: 2000)')
    args = parser.parse_args()
    try:
        scores = load_scores(args.scores, args.download)
        ours, note = our_runs(args.runs) if args.runs else (None, '')
        if args.runs and not ours: sys.exit(note)
        files = write_results(args.out, scores, ours, args.reps)
    except (ScoresError, ConfigError) as e:
        sys.exit(str(e).replace('call load_scores(download=True)', 'run make figures DOWNLOAD=1'))
    print(f'{len(files)} files in {args.out}, index: {args.out / "README.md"}')

if __name__ == '__main__': main()
