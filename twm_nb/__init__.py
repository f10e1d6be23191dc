import os

# Threads of OpenMP that wait keep a core busy; beside other work that makes training many times slower. It is read when
# torch is loaded, so it is set here, before any module loads it.
os.environ.setdefault('OMP_WAIT_POLICY', 'PASSIVE')

__version__ = "0.1.0"
