#pragma once
// What the command line prints: colours on a terminal only (NO_COLOR is honoured), errors on
// stderr.

#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/config/problems.hpp"

namespace hayate::cli {

/// Exit codes, as `--help` documents them.
enum ExitCode : int {
    kOk = 0,
    kFailed = 1,       // the work was done and the answer is no
    kWrongUsage = 2,   // wrong arguments
    kWrongConfig = 3,  // configuration or data with problems
    kUnavailable = 4,  // a server or a model cannot be reached
    kInterrupted = 130,
};

[[nodiscard]] bool is_terminal_out();
[[nodiscard]] std::string bold(std::string_view text);
[[nodiscard]] std::string dim(std::string_view text);
[[nodiscard]] std::string green(std::string_view text);
[[nodiscard]] std::string red(std::string_view text);

void print(std::string_view text);  // no newline is added
void print_line(std::string_view text = {});
/// "error: ..." on stderr.
void print_error(std::string_view text);
void print_error(const base::Error& error);
void print_problems(const config::Problems& problems);

}  // namespace hayate::cli
