#include "core/config/problems.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace hayate::config {

std::string Problem::format() const {
    std::string line_text = file;
    if (line > 0) line_text += ":" + std::to_string(line);
    if (!line_text.empty()) line_text += ": ";
    if (!key.empty()) line_text += key + ": ";
    return line_text + text;
}

std::string format(const Problems& problems) {
    std::string lines;
    for (const Problem& problem : problems) lines += problem.format() + "\n";
    return lines;
}

void append(Problems& all, Problems more) {
    all.insert(all.end(), std::move_iterator(more.begin()), std::move_iterator(more.end()));
}

void sort_by_place(Problems& problems) {
    std::ranges::sort(problems, {}, [](const Problem& problem) {
        return std::tie(problem.line, problem.key, problem.text);
    });
}

Problem KeyPlaces::problem(std::string key, std::string text) const {
    Problem found{.file = file_, .key = std::move(key), .text = std::move(text)};
    std::string_view path = found.key;
    while (!path.empty()) {
        if (const auto it = lines_.find(path); it != lines_.end()) {
            found.line = it->second;
            break;
        }
        const size_t dot = path.rfind('.');
        path = dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
    }
    return found;
}

}  // namespace hayate::config
