#pragma once
// What is wrong in a configuration, all of it at once: each problem names its place and what would
// be right.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hayate::config {

struct Problem {
    std::string file;
    int line = 0;     // from 1; 0 when the problem is the file as a whole
    std::string key;  // path, for example "models.fast.price"
    std::string text;
    /// "hayate.yaml:12: models.fast.prize: unknown key; did you mean 'price'?"
    [[nodiscard]] std::string format() const;
};
using Problems = std::vector<Problem>;

/// One problem a line.
[[nodiscard]] std::string format(const Problems& problems);
void append(Problems& all, Problems more);
/// By line, as somebody who corrects the file from top to bottom wants them.
void sort_by_place(Problems& problems);

/// The line of every key that a document gave, so that checks made after reading can name it too.
class KeyPlaces {
  public:
    KeyPlaces() = default;
    explicit KeyPlaces(std::string file) : file_(std::move(file)) {}

    void note(const std::string& key, int line) { lines_.emplace(key, line); }
    [[nodiscard]] const std::string& file() const { return file_; }
    /// Whether the document gave the key, rather than leaving its default.
    [[nodiscard]] bool has(std::string_view key) const { return lines_.contains(key); }
    /// A problem at the line of `key`, or of the nearest group above it that the document gave.
    [[nodiscard]] Problem problem(std::string key, std::string text) const;

  private:
    std::string file_;
    std::map<std::string, int, std::less<>> lines_;
};

}  // namespace hayate::config
