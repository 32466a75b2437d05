#pragma once
// What a simulated model says: a readable answer that looks as if it had read the prompt. It quotes
// the question and uses the first entry of the prompt's <context>, in the language of the question,
// and claims nothing that is not there. Pure and deterministic.

#include <string>
#include <string_view>
#include <vector>

namespace hayate::model {

/// `prompt` is the last user message, with or without a <context> block.
[[nodiscard]] std::string pseudo_answer(std::string_view prompt);

/// The question inside a prompt: what stands after the fenced blocks and a "Customer question:"
/// label.
[[nodiscard]] std::string_view question_in(std::string_view prompt);

/// Cut as a tokenizer would, roughly: a word with the space before it, or two characters of a
/// script without spaces. Joined, the pieces are `text` again.
[[nodiscard]] std::vector<std::string> split_tokens(std::string_view text);

/// Exactly `count` pieces: the answer cut short, or carried on with more sentences in its language.
[[nodiscard]] std::vector<std::string> tokens_of_length(std::string_view answer, size_t count);

}  // namespace hayate::model
