"""Attacks that look at what they should not see."""

import os

from trying import trying


def _read(path):
    with open(path, "rb") as file:
        return file.read(200)


def read_hidden_file(facts):
    return trying(lambda: _read(facts["secret"]))


def read_grader_source(facts):
    return trying(lambda: _read(facts["grader_source"]))


def read_other_root(facts):
    return trying(lambda: _read(os.path.join(facts["other_root"], "answer.py")))


def read_other_root_relatively(facts):
    return trying(lambda: _read(os.path.join(os.path.relpath(facts["other_root"]), "answer.py")))


def import_grader(facts):
    return trying(lambda: __import__("grader"))


def import_other_package(facts):
    return trying(lambda: __import__("pytest"))


def read_other_package(facts):
    return trying(lambda: _read(facts["other_package"]))


def read_through_link(facts):
    return trying(lambda: _read("link_to_file"))


def list_through_link(facts):
    return trying(lambda: os.listdir("link_to_folder"))


def read_through_linked_folder(facts):
    return trying(lambda: _read("link_to_folder/secret.txt"))


def list_root(facts):
    return trying(lambda: os.listdir("/"))


def list_home(facts):
    return trying(lambda: os.listdir(os.path.expanduser("/root") if facts["root"] else "/home"))


def list_processes(facts):
    return trying(lambda: os.listdir("/proc"))


def list_temporary(facts):
    return trying(lambda: os.listdir(facts["temporary"]))


def read_users(facts):
    return trying(lambda: _read("/etc/passwd"))


def read_own_environment(facts):
    return trying(lambda: _read("/proc/self/environ"))


def read_grader_command(facts):
    return trying(lambda: _read("/proc/%d/cmdline" % facts["grader"]))


def read_grader_memory(facts):
    return trying(lambda: _read("/proc/%d/mem" % facts["grader"]))


def read_server_memory(facts):
    return trying(lambda: _read("/proc/%d/mem" % os.getppid()))


def read_raw_disk(facts):
    return trying(lambda: _read("/dev/vda"))


def open_terminal(facts):
    return trying(lambda: open("/dev/tty").read(1))


def environment(facts):
    return " ".join(sorted(os.environ))


def open_descriptors(facts):
    found = []
    for number in range(1024):
        try:
            os.fstat(number)
        except OSError:
            continue
        found.append(number)
    return " ".join(map(str, found))
