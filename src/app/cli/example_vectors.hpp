#pragma once
// The sentence vectors of an assistant's examples: made once, kept in memory from release to
// release and in a file from start to start. One user at a time.

#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "engine/understand/second_opinion.hpp"
#include "io/model/embedder/vector_file.hpp"

namespace hayate::cli {

class ExampleVectors {
  public:
    using Texts = std::set<std::string>;

    /// Without a file they are made anew after each start.
    ExampleVectors(understand::SentenceVector vector_of, std::optional<model::VectorFile> file)
        : vector_of_(std::move(vector_of)), file_(std::move(file)) {}

    /// Makes those that are missing, and forgets all others. Blocks for a millisecond each. Returns
    /// how many it made; none when stopped, and what is made stays. A file that is damaged or not
    /// ours is said in the log and replaced.
    std::optional<size_t> make_for(const Texts& texts, const std::stop_token& stop);

    /// Gives what is there of all `texts`; empty while any is missing. Refers to this object.
    [[nodiscard]] understand::SentenceVector known(const Texts& texts) const;

  private:
    void read(const Texts& texts);
    void write();

    understand::SentenceVector vector_of_;
    std::optional<model::VectorFile> file_;
    model::TextVectors vectors_;
    bool was_read_ = false;
    bool is_file_current_ = false;
};

}  // namespace hayate::cli
