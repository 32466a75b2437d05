#pragma once
// AnswerLengths: how long a model's answers turn out to be for each intent, compared with what was
// expected of them: a geometric mean that begins, with the weight of some answers, at that of all
// answers together, and that one at 1. Old answers fade. Not thread-safe: the owner locks.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace hayate::route {

struct LengthOptions {
    double prior_weight = 4;  // in answers
    double half_life_answers = 200;
};

class AnswerLengths {
  public:
    explicit AnswerLengths(LengthOptions options = {}) : options_(options) {}

    /// `tokens` as expected by whoever asks, times what was learned. At least 1.
    [[nodiscard]] int expected(std::string_view intent, std::string_view model, int tokens) const;
    /// A whole answer of which `expected` tokens had been expected, before anything learned.
    void record(std::string_view intent, std::string_view model, int expected, int64_t tokens);

  private:
    struct Seen {
        double sum = 0;  // of logarithms of ratios
        double weight = 0;
    };

    [[nodiscard]] double log_ratio(const Seen& seen, double prior) const;
    void add(Seen& seen, double log_ratio) const;

    LengthOptions options_;
    Seen all_;
    std::map<std::pair<std::string, std::string>, Seen, std::less<>> seen_;
};

}  // namespace hayate::route
