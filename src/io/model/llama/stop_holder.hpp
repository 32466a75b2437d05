#pragma once
// StopHolder: ends an answer at a stop string. Text that may be the beginning of one is held back,
// so no part of a stop string ever goes out.

#include <string>
#include <string_view>
#include <vector>

namespace hayate::model::llama {

class StopHolder {
  public:
    /// Empty stop strings are ignored.
    explicit StopHolder(std::vector<std::string> stops);

    /// The bytes that may go out now. After a stop string was seen: what came before it, and from
    /// then on nothing.
    [[nodiscard]] std::string push(std::string_view bytes);
    /// The answer ended without a stop string: what was held back.
    [[nodiscard]] std::string finish();
    [[nodiscard]] bool has_stopped() const { return has_stopped_; }

  private:
    [[nodiscard]] size_t first_stop() const;
    [[nodiscard]] size_t tail_that_may_be_a_stop() const;

    std::vector<std::string> stops_;
    std::string held_;
    bool has_stopped_ = false;
};

}  // namespace hayate::model::llama
