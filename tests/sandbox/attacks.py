"""The attacks and what must come of each, the same in tiers A and B, for root and for an ordinary user."""

from __future__ import annotations

from dataclasses import dataclass

REFUSED = r"refused: (EPERM|EACCES|ENOENT|EROFS|ENOSYS|ENXIO|ENODEV)"
VIOLATION = r"ProtocolViolation: .*"
TIMEOUT = r"WorkerTimeout: no answer within .*"
DIED = r"WorkerDied: .*"
MEMORY = r"WorkerOutOfMemory: .*"


@dataclass(frozen=True)
class Attack:
    """A function of the attacking submission, and a pattern that what comes of it must match as a whole."""

    module: str
    function: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.module}.{self.function}"


def _group(module: str, wanted: str, functions: str) -> tuple[Attack, ...]:
    return tuple(Attack(module, function, wanted) for function in functions.split())


ATTACKS = (
    *_group(
        "looking",
        REFUSED,
        """read_hidden_file read_grader_source read_other_root read_other_root_relatively read_other_package
        read_through_link list_through_link read_through_linked_folder list_root list_home list_processes
        list_temporary read_users read_own_environment read_grader_command read_grader_memory
        read_server_memory
        read_raw_disk open_terminal""",
    ),
    *_group("looking", "raised: ModuleNotFoundError", "import_grader import_other_package"),
    Attack("looking", "environment", r"(?!.*SECRET).*PYTHONHASHSEED.*"),
    Attack("looking", "open_descriptors", r"0 1 2 \d+"),
    *_group(
        "reaching",
        REFUSED,
        """tcp_connect tcp_listen udp_send netlink unix_socket abstract_socket datagram_pair connect_a_pair
        signal_grader signal_server signal_everyone signal_thread_of_grader signal_by_owner choose_signal
        own_by_ioctl stop_itself limit_grader pin_grader slow_grader trace_grader trace_server
        read_memory_of_server handle_on_grader""",
    ),
    Attack("reaching", "send_from_a_pair", r"refused: (EISCONN|EOPNOTSUPP|EPERM)"),
    Attack("reaching", "type_into_terminal", r"refused: (EPERM|ENOTTY)"),
    Attack("reaching", "raise_own_limit", r"(refused: EPERM|raised: (ValueError|PermissionError))"),
    Attack("reaching", "lookup_name", r"(refused: .*|raised: .*)"),
    Attack("reaching", "pass_descriptors", VIOLATION),
    *_group(
        "starting",
        REFUSED,
        """daemon new_session vfork raw_clone clone_into_namespace clone3 execute execute_interpreter spawn
        run_program run_pool x32_call""",
    ),
    Attack("starting", "fork_bomb", "0 forks"),
    Attack("starting", "run_shell", "raised: ZeroDivisionError"),
    Attack("starting", "thread_bomb", "stopped"),
    Attack(
        "starting", "small_thread_bomb", "stopped|WorkerTimeout: .*"
    ),  # of many more; on a busy machine in time
    Attack("starting", "kernel_corners", r"\{\}"),
    Attack("starting", "old_interface", DIED),
    *_group("exhausting", MEMORY, "take_memory one_huge_array"),
    Attack("exhausting", "deep_recursion", r"StudentError: RecursionError.*"),
    Attack("exhausting", "endless_stack", r"(WorkerDied|StudentError|WorkerOutOfMemory): .*"),
    *_group("exhausting", TIMEOUT, "loop_ignoring_signals loop_in_c sleep_long catch_everything"),
    *_group("exhausting", "printed", "print_a_lot print_to_descriptor"),
    *_group(
        "exhausting",
        REFUSED,
        """write_temporary write_root write_dev write_shared_memory write_own_file write_new_file
        write_shared_folder write_numpy write_runner make_file_without_name empty_own_file uncounted_memory""",
    ),
    Attack("exhausting", "change_own_file", r"\{\}"),
    *_group("exhausting", DIED, "crash abort leave unusual_death"),
    *_group("lying", "forged", "forged"),
    # Whether the second of these frames comes with the first is chance; it changes nothing.
    Attack("lying", "flood_of_frames", rf"(1|{VIOLATION})"),
    *_group(
        "lying",
        VIOLATION,
        """forged_twice garbage wrong_magic wrong_number unknown_reply failure_of_wrong_type unknown_failure refusal
        huge_payload huge_header flood deep_json deeper_json deep_objects long_integer not_a_number infinity
        bad_text no_json object_dtype record_dtype dtype_is_a_list negative_length overflowing_lengths
        overflowing_empty fractional_length boolean_length many_dimensions short_payload trailing_payload
        many_arrays same_array_twice unused_array array_out_of_range unknown_tag two_tags list_as_key
        handle_zero
        old_handle huge_handle named_handle text_as_handle pickled pickled_in_frame""",
    ),
    *_group("lying", TIMEOUT, "drip stall stall_in_payload never"),
    *_group("lying", DIED, "close_channel short_garbage"),
    Attack("lying", "early_answer", VIOLATION),
)
