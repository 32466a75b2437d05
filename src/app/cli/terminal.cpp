#include "app/cli/terminal.hpp"

#include <cstdlib>
#include <iostream>

#include <unistd.h>

namespace hayate::cli {
namespace {

bool has_colour(int descriptor) {
    const char* no_colour = std::getenv("NO_COLOR");
    return ::isatty(descriptor) == 1 && (!no_colour || *no_colour == '\0');
}

std::string styled(std::string_view code, std::string_view text) {
    if (!has_colour(STDOUT_FILENO)) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace

bool is_terminal_out() { return ::isatty(STDOUT_FILENO) == 1; }

std::string bold(std::string_view text) { return styled("1", text); }
std::string dim(std::string_view text) { return styled("2", text); }
std::string green(std::string_view text) { return styled("32", text); }
std::string red(std::string_view text) { return styled("31", text); }

void print(std::string_view text) { std::cout << text << std::flush; }

void print_line(std::string_view text) { std::cout << text << '\n' << std::flush; }

void print_error(std::string_view text) {
    std::cerr << (has_colour(STDERR_FILENO) ? "\x1b[31merror:\x1b[0m " : "error: ") << text << '\n';
}

void print_error(const base::Error& error) {
    print_error(error.internal.empty() ? std::string(error.client_text()) : error.internal);
}

void print_problems(const config::Problems& problems) {
    for (const config::Problem& problem : problems) std::cerr << problem.format() << '\n';
    std::cerr << problems.size() << (problems.size() == 1 ? " problem\n" : " problems\n");
}

}  // namespace hayate::cli
